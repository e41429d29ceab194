package io.millrace.jmh.session;

import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One thread's way through the entries, and through its reads and writes: shuffled once, not at random each time. */
@State(Scope.Thread)
public class Place {
    private static final int LENGTH = 1 << 12;

    private final int[] numbers =
            ThreadLocalRandom.current().ints(LENGTH, 0, Integer.MAX_VALUE).toArray();
    private int at;

    int next() {
        at = (at + 1) & (LENGTH - 1);
        return numbers[at];
    }
}
