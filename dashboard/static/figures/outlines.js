// Puts the shapes of its letters in the place of each text of an SVG, so that a picture made of it needs no font.
//
// A browser draws an SVG as a picture without waiting for the fonts in it: now and then the text would be missing. `letters` holds, for
// each weight, what one letter is: its width and its shape, for type of a thousand units. A line with a letter that is not in it stays text.
globalThis.outlinedLetters = function (svg, letters) {
  const NS = 'http://www.w3.org/2000/svg';
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const own = (element, name) => {
    for (let one = element; one && one.getAttribute; one = one.parentNode) {
      const value = (one.style && one.style.getPropertyValue(name)) || one.getAttribute(name);
      if (value) return value;
    }
    return '';
  };
  // Each letter's shape stands once, and its places refer to it.
  const defs = document.createElementNS(NS, 'defs');
  const names = new Map();
  const defined = (letter, bold, shape) => {
    const key = (bold ? 'b' : 'r') + letter;
    if (!names.has(key)) {
      const path = document.createElementNS(NS, 'path');
      names.set(key, 'letter' + names.size);
      path.setAttribute('id', names.get(key));
      path.setAttribute('d', shape);
      defs.appendChild(path);
    }
    return names.get(key);
  };
  const step = (text, size) => parseFloat(text || 0) * (/em$/.test(text || '') ? size : 1);
  const outlined = (text, x, y, size, weight, anchor) => {
    const bold = weight >= 600 || weight === 'bold';
    const found = Array.from(text, letter => letters[bold ? '600' : '400'][letter] && [letter, ...letters[bold ? '600' : '400'][letter]]);
    if (found.includes(undefined)) return null;
    const wide = found.reduce((sum, letter) => sum + letter[1], 0) * size / 1000;
    x -= anchor === 'middle' ? wide / 2 : anchor === 'end' ? wide : 0;
    const group = document.createElementNS(NS, 'g');
    for (const [letter, advance, shape] of found) {
      if (shape) {
        const use = document.createElementNS(NS, 'use');
        use.setAttribute('href', '#' + defined(letter, bold, shape));
        use.setAttribute('transform', `translate(${x},${y}) scale(${size / 1000})`);
        group.appendChild(use);
      }
      x += advance * size / 1000;
    }
    return group;
  };
  for (const text of Array.from(root.getElementsByTagNameNS(NS, 'text'))) {
    const size = parseFloat(own(text, 'font-size')) || 12;
    const spans = Array.from(text.children).filter(child => child.localName === 'tspan' && child.hasAttribute('dy'));
    const lines = [];
    let down = 0;
    if (spans.length) {
      for (const span of spans) {
        const dy = step(span.getAttribute('dy'), size);
        down = span.hasAttribute('y') ? dy : down + dy;
        lines.push([span, parseFloat(span.getAttribute('x') || text.getAttribute('x') || 0), parseFloat(span.getAttribute('y') || text.getAttribute('y') || 0) + down]);
      }
    } else {
      lines.push([text, parseFloat(text.getAttribute('x') || 0), parseFloat(text.getAttribute('y') || 0)]);
    }
    const shapes = lines.map(([line, x, y]) => outlined(line.textContent, x, y, size, own(line, 'font-weight') || '400', own(text, 'text-anchor')));
    if (shapes.includes(null)) continue;
    const group = document.createElementNS(NS, 'g');
    if (text.hasAttribute('transform')) group.setAttribute('transform', text.getAttribute('transform'));
    group.setAttribute('style', `fill:${own(text, 'fill') || '#000'};fill-opacity:${own(text, 'fill-opacity') || 1};stroke:none`);
    shapes.forEach(shape => group.appendChild(shape));
    text.parentNode.replaceChild(group, text);
  }
  root.insertBefore(defs, root.firstChild);
  return new XMLSerializer().serializeToString(root);
};
