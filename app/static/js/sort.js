// Lets the rows of an ordering be moved up and down: the list is the answer then. Without this there are the selects.
for (const list of document.querySelectorAll(".sort")) {
  const { up, down, place } = list.dataset, told = list.nextElementSibling;
  const rows = () => [...list.children], chosen = (row) => row.querySelector("select"), words = (row) => row.firstElementChild.textContent;
  // The first cannot go up, the last cannot go down.
  const ends = () => rows().forEach((row, n, all) => {
    row.querySelectorAll("button").forEach((one, last) => { one.ariaDisabled = n === (last && all.length - 1); });
  });
  const button = (row, textContent, step) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent, ariaLabel: `${textContent}: ${words(row)}` });
    made.onclick = () => {
      const to = rows().indexOf(row) + step;
      if (!rows()[to]) return;
      chosen(row).value = to + 1;
      chosen(row).dispatchEvent(new Event("change", { bubbles: true }));
    };
    return made;
  };
  for (const row of rows()) row.lastElementChild.append(button(row, up, -1), button(row, down, 1));
  list.classList.add("on");
  ends();
  list.onchange = ({ target }) => {
    const row = target.closest("li"), here = document.activeElement, others = rows().filter((one) => one !== row);
    if (!target.value) return;
    if (rows()[target.value - 1] !== row) list.insertBefore(row, others[target.value - 1] || null);
    rows().forEach((one, n) => { chosen(one).value = n + 1; });
    ends();
    here.focus();
    told.textContent = `${words(row)}: ${place.replace("#", target.value)}`;
  };
  // quiz.js has filled in what waited on the phone.
  list.addEventListener("filled", () => {
    list.append(...rows().sort((one, two) => (chosen(one).value || 99) - (chosen(two).value || 99)));
    ends();
  });
}
