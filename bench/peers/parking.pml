/* SPDX-License-Identifier: GPL-2.0-only */
/* Parking against the kick of who makes a path usable: the steps of packages/checker/bench/parts/shapes.ts, one transition each. */
#ifndef N
#define N 2
#endif

bit available, locked;
byte parked;
byte waits, went, done;

proctype worker()
{
	byte count;
	atomic { if :: available == 1 -> went++; done++; goto out :: else fi }
	atomic { locked == 0 -> locked = 1 }
	count = parked;
	d_step { parked = count + 1; count = 0 }
	d_step { locked = 0; waits++; done++ }
out:
	skip
}

proctype other()
{
	available = 1;
	atomic { locked == 0 -> locked = 1 }
	parked = 0;
	d_step { locked = 0; done++ }
}

active proctype finish()
{
	atomic { done == N + 1 -> c_code { printf("END %d,%d,0,%d\n", now.waits, now.went, now.parked); } }
}

init
{
	byte i;
	atomic { for (i : 0 .. N - 1) { run worker() } run other() }
}
