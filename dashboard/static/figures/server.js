// For the page in which the server draws: `latinFonts` (family, weight, address) and `chineseFamily` stand before it, and Plotly.
// Texts are measured in this page, so its fonts are waited for before anything is drawn; the Chinese letters of a figure come with it.
// Plotly turns its SVG into text by XMLSerializer, also on the way to a PNG; there the letters become shapes. They come with the figure too,
// in `layout.meta`; a figure without them is left as it is.
const load = async (family, address, weight) => {
  const face = new FontFace(family, `url(${address})`, {weight});
  await face.load();
  document.fonts.add(face);
  return face;
};
const fonts = Promise.all(latinFonts.map(([family, weight, address]) => load(family, address, weight)));
const toImage = Plotly.toImage, toText = XMLSerializer.prototype.serializeToString;
let letters = null, fallback = '';
XMLSerializer.prototype.serializeToString = function (node) {
  const text = toText.call(this, node);
  if (!letters || node.localName !== 'svg') return text;
  const table = letters;
  letters = null;
  return outlinedLetters(text, table).replace(/^(<svg[^>]*>)/, '$1<style>' + fallback + '</style>');
};
Plotly.toImage = async function (figure, options) {
  await fonts;
  const meta = (figure.layout && figure.layout.meta) || {};
  const chinese = meta.chinese ? await load(chineseFamily, meta.chinese, '100 900') : null;
  letters = meta.letters;
  fallback = meta.fallback || '';
  try {
    return await toImage.call(Plotly, figure, options);
  } finally {
    if (chinese) document.fonts.delete(chinese);
  }
};
