// Keeps ready what checks a QR code without internet, and opens a pasted address here, for its signed facts stay with
// the person who checks them. Without this the code alone is sent.
const form = document.querySelector("form[data-check]");
const { check, worker } = form.dataset;
form.addEventListener("submit", (event) => {
  const [, code, facts] = /(?:^|\/sertifikat\/)([0-9A-Za-z-]{16,40})\/?(#[A-Z2-7]+)?$/.exec(form.kode.value.replace(/\s/g, "")) || [];
  const online = !("offline" in form.dataset);
  if (online && !facts) return;
  event.preventDefault();
  if (code) location.assign(check.replace("periksa", code) + (facts || ""));
  else form.querySelector("[data-wrong]").hidden = false;
});
// Who keeps nothing for later still checks with internet.
if (worker) navigator.serviceWorker?.register(worker, { scope: form.dataset.scope }).catch(() => {});
