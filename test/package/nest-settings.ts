const common = {
  declaration: true,
  removeComments: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  allowSyntheticDefaultImports: true,
  sourceMap: true,
  incremental: true,
  forceConsistentCasingInFileNames: true,
};

const nodenext = {
  ...common,
  module: "nodenext",
  moduleResolution: "nodenext",
  resolvePackageJsonExports: true,
  esModuleInterop: true,
  isolatedModules: true,
  target: "ES2023",
};

/** The compiler options that `nest new` writes, by Nest's major version. Library checks stay on. */
export const nestSettings = {
  10: { ...common, module: "commonjs", target: "ES2021", baseUrl: "./" },
  11: { ...nodenext, baseUrl: "./", strict: false, strictNullChecks: true },
  12: { ...nodenext, strictPropertyInitialization: false },
};
