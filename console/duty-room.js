// The screen of the duty room: a sound every four seconds while anything waits that nobody took. A
// browser gives none before somebody touched the page, so it asks for that once.
const button = document.getElementById("sound");
let audio = null;

function tone(at, hertz) {
  const source = audio.createOscillator(), level = audio.createGain();
  source.frequency.value = hertz;
  level.gain.setValueAtTime(0.25, at);
  level.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  source.connect(level).connect(audio.destination);
  source.start(at);
  source.stop(at + 0.4);
}

button.hidden = false;
button.addEventListener("click", async () => {
  audio = new AudioContext();
  await audio.resume();
  button.hidden = true;
  tone(audio.currentTime, 660);
  document.documentElement.requestFullscreen?.().catch(() => {});
});
setInterval(() => {
  if (!audio || !document.querySelector("#room form[data-act]")) return;
  tone(audio.currentTime, 880);
  tone(audio.currentTime + 0.5, 660);
}, 4000);
