-- SPDX-License-Identifier: GPL-2.0-only
-- Submission against the removal of the disk: the steps of packages/checker/bench/parts/shapes.ts, one rule each.

const N: 2;

type
  worker: scalarset(N);
  place: enum { ENTER, LIVE, LOCK, READ, WRITE, UNLOCK, LEAVE, OUT };
  remover: enum { R_CLEAR, R_SYNC, R_WAIT, R_LOOK, R_OUT };
  small: 0..N;

var
  live: boolean;
  locked: boolean;
  sent: small;
  seen: small;
  at: array [worker] of place;
  count: array [worker] of small;
  was: array [worker] of boolean;
  inside: array [worker] of boolean;
  waited: array [worker] of boolean;
  other: remover;
  told: boolean;

startstate
begin
  live := true;
  locked := false;
  sent := 0;
  seen := 0;
  for w: worker do
    at[w] := ENTER;
    count[w] := 0;
    was[w] := false;
    inside[w] := false;
    waited[w] := false;
  end;
  other := R_CLEAR;
  told := false;
end;

ruleset w: worker do
  rule "enter" at[w] = ENTER ==>
  begin
    inside[w] := true;
    at[w] := LIVE;
  end;

  rule "live" at[w] = LIVE ==>
  begin
    was[w] := live;
    if live then at[w] := LOCK; else at[w] := LEAVE; end;
  end;

  rule "lock" at[w] = LOCK & !locked ==>
  begin
    locked := true;
    at[w] := READ;
  end;

  rule "read" at[w] = READ ==>
  begin
    count[w] := sent;
    at[w] := WRITE;
  end;

  rule "write" at[w] = WRITE ==>
  begin
    sent := count[w] + 1;
    count[w] := 0;
    at[w] := UNLOCK;
  end;

  rule "unlock" at[w] = UNLOCK ==>
  begin
    locked := false;
    at[w] := LEAVE;
  end;

  rule "leave" at[w] = LEAVE ==>
  begin
    inside[w] := false;
    at[w] := OUT;
  end;
end;

rule "clear" other = R_CLEAR ==>
begin
  live := false;
  other := R_SYNC;
end;

rule "begin the grace period" other = R_SYNC ==>
begin
  if exists w: worker do inside[w] end then
    for w: worker do waited[w] := inside[w]; end;
    other := R_WAIT;
  else
    other := R_LOOK;
  end;
end;

rule "end the grace period" other = R_WAIT & forall w: worker do !(waited[w] & inside[w]) end ==>
begin
  for w: worker do waited[w] := false; end;
  other := R_LOOK;
end;

rule "look" other = R_LOOK ==>
begin
  seen := sent;
  other := R_OUT;
end;

rule "tell" other = R_OUT & !told & forall w: worker do at[w] = OUT end ==>
var
  failed: small;
  went: small;
begin
  failed := 0;
  went := 0;
  for w: worker do
    if was[w] then went := went + 1; else failed := failed + 1; end;
  end;
  told := true;
  put "END ";
  put failed;
  put ",";
  put went;
  put ",0,";
  put seen;
  put ",";
  put sent;
  put "\n";
end;
