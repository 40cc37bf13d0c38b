-- SPDX-License-Identifier: GPL-2.0-only
-- Parking against the kick of who makes a path usable: the steps of packages/checker/bench/parts/shapes.ts, one rule each.

const N: 2;

type
  worker: scalarset(N);
  place: enum { LOOK, LOCK, READ, WRITE, UNLOCK, OUT };
  kicker: enum { K_AVAILABLE, K_LOCK, K_TAKE, K_UNLOCK, K_OUT };
  small: 0..N;

var
  available: boolean;
  locked: boolean;
  parked: small;
  at: array [worker] of place;
  count: array [worker] of small;
  sent: array [worker] of boolean;
  other: kicker;
  told: boolean;

startstate
begin
  available := false;
  locked := false;
  parked := 0;
  for w: worker do
    at[w] := LOOK;
    count[w] := 0;
    sent[w] := false;
  end;
  other := K_AVAILABLE;
  told := false;
end;

ruleset w: worker do
  rule "look" at[w] = LOOK ==>
  begin
    if available then
      sent[w] := true;
      at[w] := OUT;
    else
      at[w] := LOCK;
    end;
  end;

  rule "lock" at[w] = LOCK & !locked ==>
  begin
    locked := true;
    at[w] := READ;
  end;

  rule "read" at[w] = READ ==>
  begin
    count[w] := parked;
    at[w] := WRITE;
  end;

  rule "write" at[w] = WRITE ==>
  begin
    parked := count[w] + 1;
    count[w] := 0;
    at[w] := UNLOCK;
  end;

  rule "unlock" at[w] = UNLOCK ==>
  begin
    locked := false;
    at[w] := OUT;
  end;
end;

rule "available" other = K_AVAILABLE ==>
begin
  available := true;
  other := K_LOCK;
end;

rule "kicker locks" other = K_LOCK & !locked ==>
begin
  locked := true;
  other := K_TAKE;
end;

rule "take" other = K_TAKE ==>
begin
  parked := 0;
  other := K_UNLOCK;
end;

rule "kicker unlocks" other = K_UNLOCK ==>
begin
  locked := false;
  other := K_OUT;
end;

rule "tell" other = K_OUT & !told & forall w: worker do at[w] = OUT end ==>
var
  went: small;
  waits: small;
begin
  went := 0;
  waits := 0;
  for w: worker do
    if sent[w] then went := went + 1; else waits := waits + 1; end;
  end;
  told := true;
  put "END ";
  put waits;
  put ",";
  put went;
  put ",0,";
  put parked;
  put "\n";
end;
