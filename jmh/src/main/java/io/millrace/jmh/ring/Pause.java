package io.millrace.jmh.ring;

/** How every thread of every benchmark waits for room or records: a few spins, then yields. */
final class Pause {
    private static final int MAX_SPINS = 50;

    private int turns;

    void idle(final boolean worked) {
        if (worked) {
            turns = 0;
        } else if (turns++ < MAX_SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
