// Sends each answer as it is given and says truthfully where it is. The pages work without this.
const form = document.querySelector("form[data-quiz]");
const { quiz, item, open, kept, sent, waiting } = form.dataset;
const key = "kuis:" + quiz, place = form.querySelector("[data-status]");
const fields = [...form.elements].filter(({ name }) => name && name.startsWith("pilihan"));
let revision = +(form.dataset.revision || 0), last, fresh, busy, leave, timer, typing, tries = 0, memory = {}, safe = true;

const shelf = () => ("shared" in form.dataset ? sessionStorage : localStorage);
function read() {
  try { return JSON.parse(shelf().getItem(key)) || memory; } catch { return memory; }
}
const first = () => Object.values(read())[0];
function write(pending) {
  memory = pending, safe = true;
  try {
    if (Object.keys(pending)[0]) shelf().setItem(key, JSON.stringify(pending));
    else shelf().removeItem(key);
  } catch { safe = false; }
}
function keep(pilihan) {
  // The UUID of the page with another end.
  const tindakan = form.tindakan.value.slice(0, 24) + Math.random().toString(16).slice(2, 14).padEnd(12, "0");
  write({ ...read(), [item]: { soal: item, pilihan, tindakan, revisi: ++revision } });
}
function drop(one) {
  const pending = read();
  if (pending[one.soal]?.tindakan === one.tindakan) delete pending[one.soal];
  write(pending);
}
// A token is an id or words, in fields of a part "part=id" or "part=words".
const token = ({ name, value }) => (name[7] ? name.slice(8) + "=" : "") + value;
const pressed = ({ type }) => type === "radio" || type === "checkbox";
const given = () => fields.filter((one) => (pressed(one) ? one.checked : one.value.trim())).map(token);
function show(pilihan) {
  for (const one of fields) {
    if (pressed(one)) { one.checked = pilihan.includes(token(one)); continue; }
    const start = token({ name: one.name, value: "" }), found = pilihan.find((said) => said.startsWith(start)) || "";
    one.value = found.slice(start.length);
  }
  form.querySelector(".sort")?.dispatchEvent(new Event("filled"));
}
const say = (kind, textContent) => Object.assign(place, { className: "state " + kind, textContent });

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
      // Signed out meanwhile: the answer stays on the shelf, and the page leads to signing in and back.
      if (reply.status === 401) return location.reload();
      const told = await reply.json(), here = next.soal === item, saved = told.status === "tersimpan";
      if (!saved && ![404, 409].includes(reply.status)) throw 0;
      drop(next);
      tries = 0;
      if (!saved) { say("bad", told.kalimat); continue; }
      if (here) revision = Math.max(revision, told.revisi);
      // Saved elsewhere since, but what was chosen here just now is newer still.
      if (here && fresh && !read()[item] && told.revisi > next.revisi) keep(next.pilihan);
      else if ((here && !typing) || !item) say("ok", sent);
      if (here && !fresh) show(told.pilihan);
    }
    if (leave) form.submit();
  } catch {
    say("on", safe ? `${kept}. ${waiting}` : waiting);
    timer = setTimeout(flush, Math.min(60, 2 ** tries++) * (500 + Math.random() * 1e3));
  } finally { busy = false; }
}

function answered() {
  clearTimeout(typing);
  typing = 0;
  const pilihan = given(), now = pilihan.join("\n");
  if (now !== last) {
    last = now;
    keep(pilihan);
    say("on", safe ? kept : waiting);
  }
  flush();
}
form.onchange = () => {
  fresh = true;
  answered();
};
form.oninput = ({ target }) => {
  // Choosing is followed by a change at once; words are saved when the typing rests.
  if (target.type !== "text") return;
  fresh = true;
  say("", open);
  clearTimeout(typing);
  typing = setTimeout(answered, 900);
};
// The page goes away while something is being typed.
addEventListener("pagehide", () => typing && answered());
form.onsubmit = () => {
  if (typing) answered();
  // Without a signal the browser would show an error page; here the answer waits.
  leave = (tries || !navigator.onLine) && first();
  if (leave) flush();
  return !leave;
};
addEventListener("online", flush);
const left = read()[item];
if (left) {
  show(left.pilihan);
  say("on", kept);  // what the page came with is said of an older answer
}
flush();
