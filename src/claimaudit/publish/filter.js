
(() => {
  const box = document.querySelector("[data-filter]");
  const status = box.querySelector("[role=status]");
  const controls = [...box.querySelectorAll("[data-key]")];
  let was = false;
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const fits = (row) => controls.every((control) => {
    if (control.type === "search") return plain(control.value).split(/\s+/).every((word) => plain(row.textContent).includes(word));
    const key = control.dataset.key, given = row.dataset[key] ?? row.closest("[data-" + key + "]:not([data-key])")?.dataset[key];
    return !control.value || (given || "").split("|").includes(control.value);
  });
  const update = () => {
    const rows = [...document.querySelectorAll("[data-row]")];
    for (const row of rows) row.hidden = !fits(row);
    const asked = controls.some((control) => control.value);
    for (const group of document.querySelectorAll("[data-group]")) {
      group.hidden = !group.querySelector("[data-row]:not([hidden])");
      if (group.tagName === "DETAILS" && (asked || was)) group.open = asked && !group.hidden;
    }
    was = asked;
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = status.dataset.words.replace("{shown}", shown).replace("{all}", rows.length)
      + (shown ? "" : ". Nothing fits: change the search or show all.");
  };
  const reset = () => { for (const control of controls) control.value = ""; update(); };
  const arrive = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.closest("[hidden]")) reset();
    const fold = target && target.closest("details:not([open])");
    if (fold) { fold.open = true; target.scrollIntoView(); }
  };
  box.classList.remove("waiting");
  box.addEventListener("input", update);
  box.querySelector("button").addEventListener("click", () => { reset(); controls[0].focus(); });
  addEventListener("hashchange", arrive);
  addEventListener("pageshow", () => { update(); arrive(); });
})();
