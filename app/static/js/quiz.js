// Sends each answer as soon as it is chosen and says truthfully where it is. The pages are whole without this.
const form = document.querySelector("form[data-quiz]");
const { quiz, item, kept, sent, waiting, sending } = form.dataset;
const key = "kuis:" + quiz;
let revision = +(form.dataset.revision || 0), fresh, busy, leave, timer, tries = 0, memory = {}, safe = true;

const shelf = () => ("shared" in form.dataset ? sessionStorage : localStorage);
const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
  (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

function read() {
  try { return JSON.parse(shelf().getItem(key)) || {}; } catch { return memory; }
}
function write(pending) {
  memory = pending;
  safe = true;
  try {
    if (Object.keys(pending)[0]) shelf().setItem(key, JSON.stringify(pending));
    else shelf().removeItem(key);
  } catch { safe = false; }
}
function keep(pilihan) {
  write({ ...read(), [item]: { soal: item, pilihan, tindakan: uuid(), revisi: ++revision } });
}
function drop({ soal, tindakan }) {
  const pending = read();
  if (pending[soal]?.tindakan === tindakan) delete pending[soal];
  write(pending);
}
function say(kind, words) {
  const line = document.createElement("span");
  line.className = "state " + kind;
  line.textContent = words;
  form.querySelector("[data-status]").replaceChildren(line);
}

async function flush() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    for (let next; (next = Object.values(read())[0]); ) {
      const reply = await fetch(`/percobaan/${quiz}/jawaban`, {
        method: "POST", redirect: "manual", keepalive: true, body: JSON.stringify(next),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.csrf_token.value },
      });
      const told = await reply.json(), here = next.soal === item;
      if (told.status !== "tersimpan" && reply.status !== 404 && reply.status !== 409) throw reply;
      drop(next);
      tries = 0;
      if (told.status !== "tersimpan") { say("bad", told.kalimat); continue; }
      if (here) revision = Math.max(revision, told.revisi);
      // Another device saved since, but what was chosen on this page just now is newer still.
      if (here && fresh && !read()[item] && told.revisi > next.revisi) keep(next.pilihan);
      else if (here || !item) say("ok", sent);
    }
    if (leave) form.submit();
  } catch {
    say("on", safe ? `${kept}. ${waiting}` : waiting);
    timer = setTimeout(flush, Math.min(60, 2 ** tries++) * (500 + Math.random() * 1000));
  } finally { busy = false; }
}

form.addEventListener("change", () => {
  fresh = true;
  keep([...form.querySelectorAll("[name=pilihan]:checked")].map((one) => one.value));
  say("on", safe ? kept : sending);
  flush();
});
form.addEventListener("submit", (event) => {
  // Without a signal the browser would show an error page; the answer waits here instead.
  if ((tries || !navigator.onLine) && Object.keys(read())[0]) { event.preventDefault(); leave = true; flush(); }
});
addEventListener("online", flush);
flush();
