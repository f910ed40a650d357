// Where the console is: everything stands under one path, which a reverse proxy may have put before it.
const base = new URL("..", import.meta.url).pathname; // ends with a slash

/** A path of the console as a browser asks for it. */
export const href = (path) => base + path.slice(1);

/** The page's path as the console knows it: without what a proxy put before it. */
export const path = (url = location.href) => "/" + new URL(url).pathname.slice(base.length);
