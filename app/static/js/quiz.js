// Sends each answer as it is chosen and says truthfully where it is. The pages work without this.
const form = document.querySelector("form[data-quiz]");
const { quiz, item, kept, sent, waiting, sending } = form.dataset;
const key = "kuis:" + quiz, boxes = [...form.querySelectorAll("[name=pilihan]")];
let revision = +(form.dataset.revision || 0), fresh, busy, leave, timer, tries = 0, memory = {}, safe = true;

const shelf = () => ("shared" in form.dataset ? sessionStorage : localStorage);
const read = () => {
  try { return JSON.parse(shelf().getItem(key)) || memory; } catch { return memory; }
};
const first = () => Object.values(read())[0];
function write(pending) {
  memory = pending, safe = true;
  try {
    if (Object.keys(pending)[0]) shelf().setItem(key, JSON.stringify(pending));
    else shelf().removeItem(key);
  } catch { safe = false; }
}
function keep(pilihan) {
  // A UUID of our own: the one of the page with another end.
  const tindakan = form.tindakan.value.slice(0, 24) + Math.random().toString(16).slice(2, 14).padEnd(12, "0");
  write({ ...read(), [item]: { soal: item, pilihan, tindakan, revisi: ++revision } });
}
function drop({ soal, tindakan }) {
  const pending = read();
  if (pending[soal]?.tindakan === tindakan) delete pending[soal];
  write(pending);
}
function show(pilihan) {
  for (const box of boxes) box.checked = pilihan.includes(box.value);
}
function say(kind, textContent) {
  const line = Object.assign(document.createElement("span"), { className: "state " + kind, textContent });
  form.querySelector("[data-status]").replaceChildren(line);
}

async function flush() {
  if (busy) return;
  busy = true;
  clearTimeout(timer);
  try {
    for (let next; (next = first()); ) {
      const reply = await fetch(`/percobaan/${quiz}/jawaban`, {
        method: "POST", redirect: "manual", keepalive: true, body: JSON.stringify(next),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.csrf_token.value },
      });
      const told = await reply.json(), here = next.soal === item, saved = told.status === "tersimpan";
      if (!saved && reply.status !== 404 && reply.status !== 409) throw reply;
      drop(next);
      tries = 0;
      if (!saved) { say("bad", told.kalimat); continue; }
      if (here) revision = Math.max(revision, told.revisi);
      // Saved elsewhere since, but what was chosen here just now is newer still.
      if (here && fresh && !read()[item] && told.revisi > next.revisi) keep(next.pilihan);
      else if (here || !item) say("ok", sent);
      if (here && !fresh) show(told.pilihan);
    }
    if (leave) form.submit();
  } catch {
    say("on", safe ? `${kept}. ${waiting}` : waiting);
    timer = setTimeout(flush, Math.min(60, 2 ** tries++) * (500 + Math.random() * 1000));
  } finally { busy = false; }
}

form.onchange = () => {
  fresh = true;
  keep(boxes.filter((box) => box.checked).map((box) => box.value));
  say("on", safe ? kept : sending);
  flush();
};
form.onsubmit = () => {
  // Without a signal the browser would show an error page; here the answer waits.
  if (!(tries || !navigator.onLine) || !first()) return true;
  leave = true;
  flush();
  return false;
};
addEventListener("online", flush);
if (read()[item]) show(read()[item].pilihan);
flush();
