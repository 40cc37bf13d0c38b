/* SPDX-License-Identifier: GPL-2.0-only */
/* Submission against the removal of the disk: the steps of packages/checker/bench/parts/shapes.ts, one transition each. */
#ifndef N
#define N 2
#endif

bit live = 1, locked;
byte sent, seen;
int readers, waited;
byte failed, went, done;

proctype worker(byte me)
{
	byte count;
	bit was;
	readers = readers | (1 << me);
	atomic { was = live; if :: was == 0 -> goto leave :: else fi }
	atomic { locked == 0 -> locked = 1 }
	count = sent;
	d_step { sent = count + 1; count = 0 }
	locked = 0;
leave:
	atomic {
		readers = readers & ~(1 << me);
		if
		:: was == 0 -> failed++
		:: else -> went++
		fi;
		was = 0;
		done++
	}
}

proctype other()
{
	live = 0;
	atomic { waited = readers; if :: waited == 0 -> goto look :: else fi }
	atomic { (readers & waited) == 0 -> waited = 0 }
look:
	atomic { seen = sent; done++ }
}

active proctype finish()
{
	atomic { done == N + 1 -> c_code { printf("END %d,%d,0,%d,%d\n", now.failed, now.went, now.seen, now.sent); } }
}

init
{
	byte i;
	atomic { for (i : 0 .. N - 1) { run worker(i) } run other() }
}
