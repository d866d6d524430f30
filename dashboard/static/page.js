// What every page does beyond what Streamlit does: charts are walked by keys, and links to other pages of the site stay in their tab.
//
// Makes every chart on the page a stop of the Tab key, at which the arrows walk from number to number: left and right through the
// periods, up and down through the series. The number is said, and the cursor of the chart goes along. Enter opens its evidence, as a
// click does. All it needs stands in the chart itself: points with `customdata` are numbers, and `hovertext` says them.
const places = new WeakMap();

function numbers(chart) {
  const periods = chart.layout?.meta?.periods ?? {};
  const rows = new Map();
  (chart.data ?? []).forEach((trace, curve) => {
    if (!trace.customdata || !trace.hovertext) return;
    [...trace.customdata].forEach((key, point) => {
      const period = periods[key];
      const text = period ? `${trace.name}, ${period}: ${trace.hovertext[point]}` : trace.hovertext[point];
      const row = period ? trace.name : '';
      if (!rows.has(row)) rows.set(row, new Map());
      if (!rows.get(row).has(key)) rows.get(row).set(key, { curve, point, text });
    });
  });
  return [...rows.values()].map(row => [...row.values()]);
}

function plain(text) {
  const parsed = new DOMParser().parseFromString(String(text), 'text/html');
  return parsed.body.textContent.trim();
}

function show(chart, moved) {
  const rows = numbers(chart);
  if (!rows.length) return null;
  const last = rows[0].length - 1;
  const place = places.get(chart) ?? { row: 0, column: rows.length > 1 || chart.layout?.meta?.periods ? last : 0 };
  if (moved) moved(place, rows);
  place.row = Math.min(Math.max(place.row, 0), rows.length - 1);
  place.column = Math.min(Math.max(place.column, 0), rows[place.row].length - 1);
  places.set(chart, place);
  const at = rows[place.row][place.column];
  chart.setAttribute('aria-valuemin', 1);
  chart.setAttribute('aria-valuemax', rows[place.row].length);
  chart.setAttribute('aria-valuenow', place.column + 1);
  chart.setAttribute('aria-valuetext', plain(at.text));
  return at;
}

function hover(chart, at) {
  const trace = chart.data[at.curve];
  let where = [{ curveNumber: at.curve, pointNumber: at.point }], plot;
  if (chart.layout?.meta?.periods) {
    // Over time it stands where a pointer would: every series is named, and the line of the cursor is at the period.
    const [x, y] = ['x', 'y'].map(axis => trace[`${axis}axis`] ?? axis);
    const [across, up] = [x, y].map(axis => chart._fullLayout[axis.replace(/^./, '$&axis')]);
    where = { xpx: across.d2p(trace.x[at.point]), ypx: up.d2p(trace.y[at.point]) };
    plot = x + y;
  }
  // A map has no cursor that can be moved.
  try { window.Plotly.Fx.hover(chart, where, plot); } catch { /* the number is said all the same */ }
}

function pressed(event) {
  const chart = event.currentTarget;
  const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -1e6], End: [0, 1e6] };
  if (event.key === 'Escape') { window.Plotly.Fx.unhover(chart); return; }
  if (event.key === 'Enter' || event.key === ' ') {
    const at = show(chart);
    if (at) {
      const trace = chart.data[at.curve];
      const key = trace.customdata[at.point];
      const customdata = typeof key === 'string' ? [key, plain(trace.name)] : key;
      const point = { curveNumber: at.curve, pointNumber: at.point, pointIndex: at.point, customdata, data: trace };
      chart.emit('plotly_selected', { points: [{ ...point, x: trace.x?.[at.point], y: trace.y?.[at.point] }] });
    }
  } else if (steps[event.key]) {
    const [down, right] = steps[event.key];
    const at = show(chart, (place, rows) => {
      // Numbers in one row are walked with either pair of arrows.
      place.column += rows.length > 1 ? right : right + down;
      place.row += rows.length > 1 ? down : 0;
    });
    if (at) hover(chart, at);
  } else {
    return;
  }
  event.preventDefault();
}

function walkable() {
  document.querySelectorAll('.js-plotly-plot:not([role=slider])').forEach(chart => {
    if (!show(chart)) return;
    chart.setAttribute('role', 'slider');
    chart.setAttribute('aria-label', 'Numbers of the chart, by arrow keys; Enter opens where one is printed');
    chart.tabIndex = 0;
    chart.addEventListener('keydown', pressed);
    chart.addEventListener('focus', () => { const at = show(chart); if (at && chart.matches(':focus-visible')) hover(chart, at); });
    chart.addEventListener('blur', () => window.Plotly.Fx.unhover(chart));
    chart.on('plotly_afterplot', () => show(chart));
  });
}

// What scrolls is reached by the keys of every browser: Streamlit's boxes of code are not.
function reachable() {
  document.querySelectorAll('pre:not([tabindex])').forEach(box => {
    if (box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });
}

// A link in a text would open a tab, and with it a session that does not have the visitor's own reports. Streamlit goes to a page of
// its own when the address changes, as it does after Back.
function stay(pages) {
  document.querySelectorAll('a[target="_blank"]').forEach(link => {
    const to = new URL(link.href, document.baseURI);
    const root = new URL('.', document.baseURI).pathname;
    if (to.origin !== location.origin || !pages.includes(to.pathname.slice(root.length))) return;
    link.removeAttribute('target');
    link.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      history.pushState({}, '', link.href);
      window.dispatchEvent(new PopStateEvent('popstate'));
    });
  });
}

// Streamlit paints the page anew when the theme of the system changes, but does not run it: its own key does, for the colours of the charts.
// A key that is never let go of runs it once only.
function run() {
  for (const kind of ['keydown', 'keyup']) document.dispatchEvent(new KeyboardEvent(kind, { key: 'r', code: 'KeyR', bubbles: true }));
}

let watching;
function attend(pages) {
  const prepare = () => { walkable(); reachable(); stay(pages); };
  if (!watching) matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTimeout(run, 200));
  watching ??= new MutationObserver(prepare);
  watching.observe(document.body, { childList: true, subtree: true });
  prepare();
}

// In a page of the dashboard's own server this is a script of the page; under `streamlit run` it is a component.
const own = document.querySelector('script[data-pages]');
if (own) attend(own.dataset.pages.split(' '));
export default function ({ data }) { attend(data.pages); }
