// A sitting: keys A–H choose, text size, order by up and down buttons, count of ticks. Without this file the forms
// still post. Everything is bound to the document, because the outbox puts the next question into the same page.
const root = document.documentElement;
const say = document.getElementById("say");
const typing = "input:not([type=radio], [type=checkbox]), select, textarea, [popover]";

addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest?.(typing)) return;
  const inputs = [...document.querySelectorAll(".q .choice input:enabled")];
  const at = e.key.length === 1 ? e.key.toUpperCase().charCodeAt(0) - 65 : -1;
  inputs[at]?.click();
  inputs[at]?.focus({ preventScroll: true });
});

addEventListener("change", (e) => {
  const set = e.target.closest?.("fieldset[data-choose]");
  if (!set) return;
  const wanted = Number(set.dataset.choose), n = set.querySelectorAll(":checked").length;
  const told = set.querySelector(".picked");
  told.textContent = told.dataset.text.replace("{n}", n);
  told.classList.toggle("t-bad", n > wanted);
});

// What is missing is said in the language of the page, not in that of the browser.
const need = document.getElementById("sitting")?.dataset.need;
addEventListener("invalid", (e) => { if (need && e.target.validity.valueMissing) e.target.setCustomValidity(need); }, true);
addEventListener("input", (e) => { e.target.form?.querySelectorAll(":invalid").forEach((x) => x.setCustomValidity?.("")); });

function size(value) {
  root.dataset.size = value;
  for (const b of document.querySelectorAll("[data-set-size]")) b.setAttribute("aria-pressed", String(b.value === value));
}
const usual = document.querySelector("#sitting[data-large]") ? "xl" : "";
try { size(sessionStorage.getItem("nls-size") ?? usual); } catch { size(usual); }

function move(b) {
  const li = b.closest("li"), list = li.parentElement;
  if (b.value.endsWith("up")) li.previousElementSibling?.before(li); else li.nextElementSibling?.after(li);
  const all = [...list.children];
  all.forEach((x, i) => {
    x.querySelector("b").textContent = i + 1;
    const [up, down] = x.querySelectorAll("button");
    up.disabled = i === 0; down.disabled = i === all.length - 1;
  });
  (b.disabled ? li.querySelector("button:enabled") : b).focus();
  if (say) say.textContent = say.dataset.moved.replace("{n}", all.indexOf(li) + 1);
}

addEventListener("click", (e) => {
  const b = e.target.closest?.("button");
  if (b?.closest(".order")) { e.preventDefault(); move(b); }
  if (b?.matches("[data-set-size]")) { size(b.value); try { sessionStorage.setItem("nls-size", b.value); } catch { /* private window */ } }
});
