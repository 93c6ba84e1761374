// Loads one entry by `import` and by `require`; prints the names of both.
const names = (module) => Object.keys(module).sort();
const [specifier] = process.argv.slice(2);
const required = names(require(specifier));
void import(specifier).then((imported) => {
  console.log(JSON.stringify({ required, imported: names(imported) }));
});
