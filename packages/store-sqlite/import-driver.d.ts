/** Imports a module by a name that is known at run time only, also from within a bundle. */
export declare const importDriver: (name: string) => Promise<unknown>;
