package io.millrace.jmh.load;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Payload;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The server's end of one connection: checks, counts, times. The connection's thread; {@link #count} and {@link #connection}
 * are anybody's. */
final class Sink implements Link.Receiver {
    private static final VarHandle COUNT;

    static {
        try {
            COUNT = MethodHandles.lookup().findVarHandle(Sink.class, "count", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final Sinks all;
    private final int length;
    private Payload.Check check;
    private int connection = -1;
    private long count;

    Sink(final Sinks all, final int length) {
        this.all = all;
        this.length = length;
    }

    @Override
    public void onMessage(final ByteBuffer buffer, final int offset, final int messageLength, final Link.Sender reply) {
        final long nowNs = System.nanoTime();
        try {
            if (check == null) {
                // Who is at the other end only its first message tells.
                connection = Payload.sender(buffer, offset);
                check = Payload.Check.ofOne(connection, length);
            }
            check.onMessage(buffer, offset, messageLength);
        } catch (final RuntimeException ex) {
            all.fail(ex);
            throw ex;
        }
        final Schedule schedule = all.schedule();
        final long before = count;
        if (!schedule.unpaced()) {
            final long dueNs = schedule.dueNsOfTotal(connection, before);
            if (dueNs - schedule.recordFromNs() >= 0) {
                all.latencies().record(connection, nowNs - dueNs);
            }
        }
        COUNT.setRelease(this, before + 1);
    }

    /** Whose it is, once {@link #count} is above 0. */
    int connection() {
        return connection;
    }

    /** Messages that were whole and in order. */
    long count() {
        return (long) COUNT.getAcquire(this);
    }
}
