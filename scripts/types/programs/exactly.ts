type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles if the type of the value is exactly `Expected`. `any` is not: it stands where a declaration wasn't found. */
export const exactly =
  <Expected>() =>
  <Received>(
    _value: Received,
    ..._error: Same<Expected, Received> extends true ? [] : ['another type', Received]
  ): void =>
    undefined;
