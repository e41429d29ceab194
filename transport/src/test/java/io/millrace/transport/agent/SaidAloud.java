package io.millrace.transport.agent;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What this library has logged that the JDK prints by default. */
final class SaidAloud extends Handler {
    /** Strongly held: it is forgotten with its handlers otherwise. */
    private static final Logger LOGGER = Logger.getLogger("io.millrace");

    private final Queue<String> said = new ConcurrentLinkedQueue<>();

    SaidAloud() {
        setLevel(Level.INFO);
        LOGGER.addHandler(this);
    }

    @Override
    public void publish(final LogRecord record) {
        if (isLoggable(record)) {
            said.add(record.getLevel() + " " + record.getLoggerName() + ": " + record.getMessage());
        }
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        // Nothing is held open.
    }

    boolean isEmpty() {
        return said.isEmpty();
    }

    void clear() {
        said.clear();
    }

    @Override
    public String toString() {
        return said.toString();
    }
}
