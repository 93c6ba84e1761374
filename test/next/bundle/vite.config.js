// All of the packages into the bundle, where Vite by itself leaves them out.
export default { ssr: { noExternal: true } };
