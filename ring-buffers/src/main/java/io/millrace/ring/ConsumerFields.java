package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the consumer writes: how far bytes and slots are free again, which it publishes, and what it keeps to itself. Padded as {@link ProducerFields} is.
 */
@SuppressWarnings({"unused", "UnusedVariable"})
final class ConsumerFields {
    static final VarHandle HEAD_POSITION;
    static final VarHandle HEAD_SLOT;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            HEAD_POSITION = lookup.findVarHandle(ConsumerFields.class, "headPosition", long.class);
            HEAD_SLOT = lookup.findVarHandle(ConsumerFields.class, "headSlot", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long headPosition;
    private long headSlot;

    /** The rest is the reader's own; it lies here because it is written as often, and must not share a producer's line. */
    long regionStart;

    long regionEnd;
    long regionEndSlot;
    long readRecords;
    long abortedRecords;
    long unblockedRecords;
    boolean reading;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
}
