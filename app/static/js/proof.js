// Checks the signature that a QR code brings behind the mark of its address, and says truthfully what that proves.
// The mark is never sent: six bytes of the key's id, 64 of an ES256 signature, and the facts, written in base 32.
const place = document.querySelector("[data-proof]");
const said = JSON.parse(place.dataset.proof); // what this page says of the certificate; null where it says nothing
const offline = "offline" in place.dataset;
const plain = new TextEncoder(), SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function bytes(text) {
  const found = [];
  let held = 0, bits = 0;
  for (const sign of text) {
    held = (held << 5) | SIGNS.indexOf(sign);
    if ((bits += 5) < 8) continue;
    found.push((held >> (bits -= 8)) & 255);
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(found);
}
const base64 = (some) =>
  btoa(String.fromCharCode(...some)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function keyOf(kid) {
  // A key may be newer than what was kept of them.
  for (const cache of ["default", "reload"]) {
    const answer = await fetch(place.dataset.keys, { cache });
    if (!answer.ok) throw answer.status;
    const found = (await answer.json()).keys.find((one) => one.kid === kid);
    if (found) return found;
  }
}
async function signed(packed) {
  const kid = base64(packed.subarray(0, 6)), { kty, crv, x, y } = (await keyOf(kid)) || {};
  if (!kty) return false;
  const way = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, way, false, ["verify"]);
  const words = [plain.encode(JSON.stringify({ alg: "ES256", kid })), packed.subarray(70)].map(base64).join(".");
  return crypto.subtle.verify(way, key, packed.subarray(6, 70), plain.encode(words));
}

const day = (text) =>
  new Date(text).toLocaleDateString(document.documentElement.lang, { timeZone: "UTC", day: "numeric", month: "long", year: "numeric" });
const grouped = (code) => code.match(/.{1,4}/g).join("-");
function show(state, facts) {
  place.hidden = !state;
  for (const one of place.querySelectorAll("[data-state]")) one.hidden = one.dataset.state !== state;
  if (!facts) return;
  // A first edition is not printed, so nobody shall look for it on the paper.
  const shown = { ...facts, c: grouped(facts.c), d: day(facts.d), t: facts.t || facts.m, e: facts.e > 1 ? facts.e : "" };
  for (const one of place.querySelectorAll("[data-fact]")) {
    one.textContent = shown[one.dataset.fact] ?? "";
    if (one.tagName === "DD") one.parentNode.hidden = !one.textContent;
  }
  for (const one of place.querySelectorAll("[data-kind]")) one.hidden = one.dataset.kind !== facts.k;
}

async function judge() {
  const token = location.hash.slice(1), code = location.pathname.split("/")[2];
  // Marks of the page itself are short.
  if (token.length < 60) {
    if (offline && !token) show(code === "periksa" ? "" : "none");
    return;
  }
  const packed = bytes(token);
  if (/[^A-Z2-7]/.test(token) || packed.length < 72) return show("unreadable");
  try {
    if (!(await signed(packed))) return show("forged");
  } catch {
    return show("unknown");
  }
  let facts;
  try {
    facts = { e: 1, k: "passed", g: "", ...JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(packed.subarray(70))) };
    if (typeof facts.c !== "string" || typeof facts.n !== "string") throw 0;
  } catch {
    return show("unreadable");
  }
  if (facts.c !== plainCode(code)) show("other", facts);
  else if (offline) show("signed", facts);
  else if (!said) show("gone", facts);
  else if (Object.keys(facts).every((name) => facts[name] === said[name])) show("signed", facts);
  else show(facts.e < said.e ? "older" : "different", facts);
}
// As the server reads codes: without blanks and hyphens, and what looks alike is alike.
const plainCode = (code) =>
  code.replace(/%../g, "").toUpperCase().replace(/[^0-9A-Z]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");

// Signatures can be checked on https and on this machine only; elsewhere the code says what there is to say.
if (crypto.subtle) {
  judge();
  addEventListener("hashchange", judge);
  // Once our server answers again, the page of the certificate itself says whether it was revoked.
  const again = (tries = 0) =>
    fetch(place.dataset.keys, { cache: "reload" }).then(
      (answer) => answer.ok && location.reload(),
      () => tries < 6 && setTimeout(again, 500 << tries, tries + 1),
    );
  if (offline && !location.pathname.endsWith("/periksa")) addEventListener("online", () => again());
  place.querySelector("[data-again]")?.addEventListener("click", () => location.reload());
}
