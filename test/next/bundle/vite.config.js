// All packages are in the bundle, although Vite leaves them out by default.
export default { ssr: { noExternal: true } };
