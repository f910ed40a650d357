// A browser shows a day its own way, which may be the month first: beside it stands the day as it is
// written everywhere else here.
const parts = new Intl.DateTimeFormat().formatToParts(new Date());
const kinds = 'input[type="date"], input[type="datetime-local"]';

function spell(input) {
  const [day, time] = input.value.split("T");
  let said = input.nextElementSibling;
  if (!said?.matches(".spelled")) {
    said = Object.assign(document.createElement("output"), { className: "spelled unit-of" });
    input.after(said);
  }
  said.textContent = [time, day.split("-").reverse().join("/")].filter(Boolean).join(" ");
}

if (parts.find(({ type }) => type === "day" || type === "month").type === "month") {
  const spellAll = () => { for (const input of document.querySelectorAll(kinds)) if (input.value) spell(input); };
  spellAll();
  document.addEventListener("turned", spellAll);
  document.addEventListener("input", (event) => { if (event.target.matches(kinds)) spell(event.target); });
}
