// Comparing types with their originals. Compiled, never run.

/** What is wrong with `Ours` as a stand-in of `Theirs`, and the other way round; `never` when nothing is. */
export type Difference<Theirs, Ours> = [Ours] extends [Theirs]
  ? [Theirs] extends [Ours]
    ? Exclude<Members<Theirs>, Members<Ours>>
    : 'theirs cannot be used as ours'
  : 'ours cannot be used as theirs';

/** The same, but `Ours` may have less to give: what `Theirs` has is not wanted as ours. */
export type Missing<Theirs, Ours> = [Ours] extends [Theirs] ? Exclude<Members<Theirs>, Members<Ours>> : 'ours cannot be used as theirs';

/** Names of all members, however deep, with those that contain them. Optional ones are not missed by assignment. */
type Members<T, Above extends string = '', Depth extends 0[] = []> = Depth['length'] extends 8
  ? never
  : unknown extends T
    ? never
    : T extends Primitive | Opaque
      ? never
      : T extends Array<infer Item>
        ? Members<Item, Above, [...Depth, 0]>
        : { [Key in keyof T & string]: `${Above}.${Key}` | Members<T[Key], `${Above}.${Key}`, [...Depth, 0]> }[keyof T & string];

/** Members of these are nobody's here. */
type Opaque = Uint8Array | URL | AbortSignal | ((...given: never[]) => unknown);

type Primitive = string | number | boolean | null | undefined;

/** Does not compile where there is a difference. */
export type Same<_ extends never> = true;
