// Shows the page that checks a QR code when the network fails. It keeps that page, its files and our keys, which are
// the same for everybody, and never an answer about a certificate or about anybody.
const SHELF = "periksa-{{ version }}";
const PAGE = "{{ url_for('certificate.offline') }}", KEYS = "{{ url_for('certificate.key_set') }}";
const FILES = [
  "{{ static_url('app.css') }}",
  "{{ url_for('static', filename='fonts/plus-jakarta-sans-700.woff2') }}",
  "{{ static_url('img/favicon.svg') }}",
  "{{ static_url('js/proof.js') }}",
  "{{ static_url('js/proof-form.js') }}",
];
const OURS = /^\/sertifikat\/[^/]+$/;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll([PAGE, KEYS, ...FILES])));
});
addEventListener("activate", (event) => event.waitUntil(tidy()));
async function tidy() {
  for (const name of await caches.keys()) if (name.startsWith("periksa-") && name !== SHELF) await caches.delete(name);
}
const kept = async (address) =>
  (await (await caches.open(SHELF)).match(address, { ignoreVary: true })) || Response.error();

addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (OURS.test(pathname)) event.respondWith(fetch(request).catch(() => kept(PAGE)));
  } else if (pathname === KEYS) event.respondWith(keys(request));
  else if (FILES.includes(pathname + search)) event.respondWith(kept(request.url).then((one) => (one.ok ? one : fetch(request))));
});
// The newest keys where there is a network; whoever asks for them afresh wants to know that there is none.
async function keys(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(SHELF)).put(KEYS, answer.clone());
    return answer;
  } catch (error) {
    if (request.cache === "reload") throw error;
    return kept(KEYS);
  }
}
