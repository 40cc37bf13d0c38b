/* SPDX-License-Identifier: GPL-2.0-only */
/* Path selection under the removal of the cached path: the steps of packages/checker/bench/parts/shapes.ts, one transition each. */
#ifndef N
#define N 2
#endif

byte current_path = 1;
bit disabled1, disabled2;
int readers, waited;
byte none, first, second, done;

proctype worker(byte me)
{
	byte found;
	readers = readers | (1 << me);
	atomic { found = current_path; if :: found != 0 -> goto leave :: else fi }
	atomic { if :: disabled1 == 0 -> found = 1; goto cache :: else fi }
	atomic { if :: disabled2 == 0 -> found = 2; goto cache :: else -> goto leave fi }
cache:
	current_path = found;
leave:
	atomic {
		readers = readers & ~(1 << me);
		if
		:: found == 0 -> none++
		:: found == 1 -> first++
		:: else -> second++
		fi;
		found = 0;
		done++
	}
}

proctype other()
{
	bool cached;
	disabled1 = 1;
	atomic { cached = (current_path == 1); if :: !cached -> goto sync :: else fi }
	current_path = 0;
sync:
	atomic { cached = false; waited = readers; if :: waited == 0 -> goto again :: else fi }
	atomic { (readers & waited) == 0 -> waited = 0 }
again:
	atomic { cached = (current_path == 1); if :: !cached -> goto out :: else fi }
	current_path = 0;
out:
	atomic { cached = false; done++ }
}

active proctype finish()
{
	atomic { done == N + 1 -> c_code { printf("END %d,%d,%d,%d\n", now.none, now.first, now.second, now.current_path); } }
}

init
{
	byte i;
	atomic { for (i : 0 .. N - 1) { run worker(i) } run other() }
}
