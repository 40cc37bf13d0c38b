-- SPDX-License-Identifier: GPL-2.0-only
-- Path selection under the removal of the cached path: the steps of packages/checker/bench/parts/shapes.ts, one rule each.

const N: 2;

type
  worker: scalarset(N);
  path: 0..2;
  place: enum { ENTER, CACHED, FIRST, SECOND, STORE, LEAVE, OUT };
  remover: enum { R_DISABLE, R_LOOK, R_CLEAR, R_SYNC, R_WAIT, R_AGAIN, R_CLEAR_AGAIN, R_OUT };
  small: 0..N;

var
  cached: path;
  disabled: boolean;
  at: array [worker] of place;
  found: array [worker] of path;
  inside: array [worker] of boolean;
  waited: array [worker] of boolean;
  other: remover;
  told: boolean;

startstate
begin
  cached := 1;
  disabled := false;
  for w: worker do
    at[w] := ENTER;
    found[w] := 0;
    inside[w] := false;
    waited[w] := false;
  end;
  other := R_DISABLE;
  told := false;
end;

ruleset w: worker do
  rule "enter" at[w] = ENTER ==>
  begin
    inside[w] := true;
    at[w] := CACHED;
  end;

  rule "cached" at[w] = CACHED ==>
  begin
    found[w] := cached;
    if cached = 0 then at[w] := FIRST; else at[w] := LEAVE; end;
  end;

  rule "first" at[w] = FIRST ==>
  begin
    if disabled then
      at[w] := SECOND;
    else
      found[w] := 1;
      at[w] := STORE;
    end;
  end;

  -- Nobody disables the second path.
  rule "second" at[w] = SECOND ==>
  begin
    found[w] := 2;
    at[w] := STORE;
  end;

  rule "store" at[w] = STORE ==>
  begin
    cached := found[w];
    at[w] := LEAVE;
  end;

  rule "leave" at[w] = LEAVE ==>
  begin
    inside[w] := false;
    at[w] := OUT;
  end;
end;

rule "disable" other = R_DISABLE ==>
begin
  disabled := true;
  other := R_LOOK;
end;

rule "look" other = R_LOOK ==>
begin
  if cached = 1 then other := R_CLEAR; else other := R_SYNC; end;
end;

rule "clear" other = R_CLEAR ==>
begin
  cached := 0;
  other := R_SYNC;
end;

rule "begin the grace period" other = R_SYNC ==>
begin
  if exists w: worker do inside[w] end then
    for w: worker do waited[w] := inside[w]; end;
    other := R_WAIT;
  else
    other := R_AGAIN;
  end;
end;

rule "end the grace period" other = R_WAIT & forall w: worker do !(waited[w] & inside[w]) end ==>
begin
  for w: worker do waited[w] := false; end;
  other := R_AGAIN;
end;

rule "look again" other = R_AGAIN ==>
begin
  if cached = 1 then other := R_CLEAR_AGAIN; else other := R_OUT; end;
end;

rule "clear again" other = R_CLEAR_AGAIN ==>
begin
  cached := 0;
  other := R_OUT;
end;

rule "tell" other = R_OUT & !told & forall w: worker do at[w] = OUT end ==>
var
  none: small;
  first: small;
  second: small;
begin
  none := 0;
  first := 0;
  second := 0;
  for w: worker do
    if found[w] = 0 then none := none + 1;
    elsif found[w] = 1 then first := first + 1;
    else second := second + 1; end;
  end;
  told := true;
  put "END ";
  put none;
  put ",";
  put first;
  put ",";
  put second;
  put ",";
  put cached;
  put "\n";
end;
