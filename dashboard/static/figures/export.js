// Draws a figure in the visitor's browser, shows it, and saves it as PNG and SVG with its description and its evidence inside.
//
// Follows `outlines.js` in one module. What is shown is what is saved: the preview is the SVG with its letters as shapes, and the PNG is
// that very SVG on a canvas. The record is completed here exactly as `evidence.py` does it, so that `verify` reads both alike.
const SVG = 'http://www.w3.org/2000/svg';
const shown = new WeakMap();

// Streamlit takes the role of the area where files are dropped away and yet names it, which an audit objects to.
function nameDropAreas() {
  document.querySelectorAll('[data-testid=stFileUploaderDropzone]:not([role=group])').forEach(area => area.setAttribute('role', 'group'));
}
new MutationObserver(nameDropAreas).observe(document.body, { childList: true, subtree: true });
nameDropAreas();

export default function (component) {
  const root = component.parentElement;
  const state = shown.get(root) || { drawn: '', delivered: '' };
  shown.set(root, state);
  state.data = component.data;
  state.ask = component.setTriggerValue;
  root.querySelectorAll('button[data-kind]').forEach(button => { button.onclick = () => clicked(root, state, button.dataset.kind); });
  const made = state.data.made;
  if (made && made.id !== state.delivered) {
    state.delivered = made.id;
    if (made.told) say(root, made.told);
    else deliver(root, new Blob([bytesOf(made.data)], { type: made.type }), made.kind, state);
    busy(root, false);
  }
  const wanted = JSON.stringify([state.data.plotly, state.data.pixels, state.data.record, state.data.alt]);
  if (wanted !== state.drawn) {
    state.drawn = wanted;
    const picture = root.querySelector('img');
    // Its place is kept while it is drawn: what stands below it does not move.
    picture.style.width = `${state.data.width}px`;
    picture.style.aspectRatio = `${state.data.width} / ${state.data.height}`;
    picture.style.background = state.data.background;
    state.drawing = drawn(state.data);
    state.drawing.then(async files => {
      if (state.drawn !== wanted) return;
      if (state.address) URL.revokeObjectURL(state.address);
      state.address = URL.createObjectURL(new Blob([await svg(files, 'outlined.svg')], { type: 'image/svg+xml' }));
      picture.onload = () => { picture.dataset.ready = 'yes'; };
      picture.src = state.address;
      picture.alt = files.data.alt;
      say(root, '');
    }).catch(error => say(root, `The figure cannot be drawn in this browser: ${error.message}`));
  }
}

async function clicked(root, state, kind) {
  if (root.querySelector('.files').getAttribute('aria-busy') === 'true') return;
  busy(root, true);
  say(root, 'Drawing …');
  try {
    const files = await state.drawing;
    if (kind === 'png') {
      deliver(root, new Blob([await png(files)], { type: 'image/png' }), kind, state);
    } else if (kind === 'svg' || kind === 'outlined.svg') {
      deliver(root, new Blob([await svg(files, kind)], { type: 'image/svg+xml' }), kind, state);
    } else if (kind === 'pdf') {
      state.ask('asked', { kind, drawn: files.svg });
      return;
    } else {
      state.ask('asked', { kind, drawn: files.svg, png: textOf(await png(files)), svg: await svg(files, 'svg'), outlined: await svg(files, 'outlined.svg') });
      return;
    }
  } catch (error) {
    say(root, `The figure cannot be saved by this browser: ${error.message}`);
  }
  busy(root, false);
}

function deliver(root, blob, kind, state) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${state.data.name}.${kind}`;
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  say(root, `Saved as ${link.download}`);
}

function busy(root, is) {
  root.querySelector('.files').setAttribute('aria-busy', String(is));
}

function say(root, text) {
  root.querySelector('[role=status]').textContent = text;
}

async function drawn(data) {
  const Plotly = await library(data.library);
  await letters(data.fonts);
  const figure = { data: structuredClone(data.plotly.data), layout: structuredClone(data.plotly.layout), config: data.config };
  const address = await Plotly.toImage(figure, { format: 'svg', width: data.width, height: data.height, scale: 1 });
  const svg = decodeURIComponent(address.slice(address.indexOf(',') + 1));
  // A line with a letter that we have no shape of stays text, so the fonts go along for the others in it.
  const outlined = outlinedLetters(svg, data.letters);
  return { data, svg, outlined };
}

let loading;
function library(address) {
  // The drawing library comes with the charts of the pages; a page without one has it not yet.
  loading ??= window.Plotly ? Promise.resolve(window.Plotly) : import(new URL(address, document.baseURI)).then(() => window.Plotly);
  loading = loading.catch(error => { loading = undefined; throw error; });
  return loading;
}

let chinese;
async function letters(css) {
  // The page itself has the Latin letters under the same name; texts are measured in them.
  const found = /font-family:'Noto Sans SC'[^}]*src:url\(([^)]*)\)/.exec(css);
  if (found) {
    if (chinese) document.fonts.delete(chinese);
    chinese = await new FontFace('Noto Sans SC', `url(${found[1]})`, { weight: '100 900' }).load();
    document.fonts.add(chinese);
  }
  await Promise.all([400, 600].map(weight => document.fonts.load(`${weight} 12px "Source Sans"`)));
}

async function svg(files, kind) {
  const isOutlined = kind === 'outlined.svg';
  const text = isOutlined ? files.outlined : files.svg;
  return finishedSvg(text, files.data, isOutlined && !text.includes('<text') ? '' : files.data.fonts);
}

async function finishedSvg(text, data, fonts) {
  const root = sized(text, data, data.shown[0], data.shown[1]);
  root.setAttribute('role', 'img');
  root.setAttributeNS('http://www.w3.org/XML/1998/namespace', 'xml:lang', data.lang);
  const head = [['title', data.title], ['desc', data.alt], ['style', fonts]].filter(([name, content]) => content || name !== 'style');
  head.reverse().forEach(([name, content]) => {
    const element = document.createElementNS(SVG, name);
    element.textContent = content;
    root.insertBefore(element, root.firstChild);
  });
  const whole = new XMLSerializer().serializeToString(root);
  const closing = whole.lastIndexOf('</svg>');
  const [before, after] = [`${whole.slice(0, closing)}<metadata id="${data.mark}">`, `</metadata>${whole.slice(closing)}`];
  const record = await sealed(data.record, await hash(utf8(before + after)));
  return before + record.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') + after;
}

function sized(text, data, width, height) {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  root.setAttribute('width', width);
  root.setAttribute('height', height);
  root.setAttribute('viewBox', `0 0 ${data.width.toFixed(3)} ${data.height.toFixed(3)}`);
  return root;
}

async function png({ data, outlined }) {
  const [width, height] = data.pixels;
  const root = sized(outlined, data, width, height);
  // Millimetres do not come out in whole pixels; the last row and column are filled all the same.
  root.setAttribute('preserveAspectRatio', 'none');
  if (outlined.includes('<text')) {
    const style = document.createElementNS(SVG, 'style');
    style.textContent = data.fonts;
    root.insertBefore(style, root.firstChild);
  }
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(root)], { type: 'image/svg+xml' }));
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width;
    canvas.height = height;
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    pen.drawImage(picture, 0, 0, width, height);
    // The file is packed from the very pixels that are hashed: a browser that blurs what is read from a canvas would else give two pictures.
    const pixels = pen.getImageData(0, 0, width, height).data;
    if (!data.see_through && pixels[3] === 0) throw new Error(`it cannot draw ${width} × ${height} pixels; choose a lower resolution.`);
    return packed(pixels, width, height, data);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function packed(pixels, width, height, data) {
  // Each row begins with the byte that says how it is written: as it is. Even areas pack best so.
  const rows = new Uint8Array(height * (width * 4 + 1));
  for (let row = 0; row < height; row++) rows.set(pixels.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1);
  const lead = utf8(`${width}x${height}`);
  const hashed = new Uint8Array(lead.length + pixels.length);
  hashed.set(lead);
  hashed.set(pixels, lead.length);
  const [body, rest] = await Promise.all([zipped(rows), hash(hashed)]);
  const record = await sealed(data.record, rest);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  const resolution = new Uint8Array(9);
  const perMetre = Math.round(data.resolution / 0.0254);
  new DataView(resolution.buffer).setUint32(0, perMetre);
  new DataView(resolution.buffer).setUint32(4, perMetre);
  resolution[8] = 1;
  const said = JSON.parse(record);
  const texts = [[data.mark, record], ['Title', said.title], ['Description', data.alt], ['Source', said.source], ['Software', said.with]];
  const parts = [chunk('IHDR', header), chunk('pHYs', resolution)];
  for (const [name, text] of texts) parts.push(chunk('iTXt', await international(name, text)));
  parts.push(chunk('IDAT', body), chunk('IEND', new Uint8Array()));
  return joined([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]);
}

async function international(name, text) {
  const plain = utf8(text);
  const isLong = plain.length > 2000;
  return joined([utf8(name), new Uint8Array([0, isLong ? 1 : 0, 0, 0, 0]), isLong ? await zipped(plain) : plain]);
}

function chunk(kind, body) {
  const whole = new Uint8Array(body.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, body.length);
  whole.set(utf8(kind), 4);
  whole.set(body, 8);
  view.setUint32(body.length + 8, check(whole.subarray(4, body.length + 8)));
  return whole;
}

async function sealed(text, rest) {
  // `rest` is the last of the record but for its hash: it is put in without reading the record as JSON, whose numbers a browser would
  // write otherwise. All before it is signed, and stays as it is.
  const body = `${text.slice(0, text.lastIndexOf('"rest":"'))}"rest":"${rest}"`;
  return `${body},"hash":"${await hash(utf8(`${body}}`))}"}`;
}

async function hash(bytes) {
  // A page that is not served over https has no `crypto.subtle`.
  const digest = globalThis.crypto && crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}

function sha256(bytes) {
  const primes = [];
  for (let number = 2; primes.length < 64; number++) if (primes.every(prime => number % prime)) primes.push(number);
  const fraction = value => ((value - Math.floor(value)) * 4294967296) | 0;
  const constants = Int32Array.from(primes, prime => fraction(Math.cbrt(prime)));
  const sums = Int32Array.from(primes.slice(0, 8), prime => fraction(Math.sqrt(prime)));
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  padded.set(bytes);
  padded[bytes.length] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 536870912));
  view.setUint32(padded.length - 4, (bytes.length * 8) >>> 0);
  const words = new Int32Array(64);
  const turn = (word, by) => (word >>> by) | (word << (32 - by));
  for (let place = 0; place < padded.length; place += 64) {
    for (let i = 0; i < 16; i++) words[i] = view.getInt32(place + i * 4);
    for (let i = 16; i < 64; i++) {
      const [x, y] = [words[i - 15], words[i - 2]];
      words[i] = words[i - 16] + words[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = sums;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + constants[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => { sums[i] += word; });
  }
  const digest = new Uint8Array(32);
  sums.forEach((word, i) => new DataView(digest.buffer).setInt32(i * 4, word));
  return digest;
}

const utf8 = text => new TextEncoder().encode(text);

async function zipped(bytes) {
  const packing = new CompressionStream('deflate');
  const into = packing.writable.getWriter();
  into.write(bytes);
  into.close();
  return new Uint8Array(await new Response(packing.readable).arrayBuffer());
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((place, part) => { whole.set(part, place); return place + part.length; }, 0);
  return whole;
}

let remainders;
function check(bytes) {
  remainders ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
    return byte;
  });
  let rest = 0xffffffff;
  for (let place = 0; place < bytes.length; place++) rest = remainders[(rest ^ bytes[place]) & 255] ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}

function textOf(bytes) {
  let text = '';
  for (let place = 0; place < bytes.length; place += 32768) text += String.fromCharCode(...bytes.subarray(place, place + 32768));
  return btoa(text);
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
}
