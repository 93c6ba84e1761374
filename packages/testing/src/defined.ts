/** Options of which none is `undefined`. Those without a value are absent. */
export type Defined<Options> = {
  [Name in keyof Options]: Exclude<Options[Name], undefined>;
};

/** A copy without the options that are `undefined`, so that a spread of it replaces no default. */
export const definedOf = <Options extends object>(options: Options): Defined<Options> =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Defined<Options>;
