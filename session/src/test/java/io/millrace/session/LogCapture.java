package io.millrace.session;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What a class logs while this is open, kept off the console. */
final class LogCapture extends Handler {
    final List<String> lines = new ArrayList<>();
    /** Strongly held: it is forgotten with its handlers otherwise. */
    private final Logger logger;

    LogCapture(final Class<?> source) {
        logger = Logger.getLogger(source.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(this);
        setLevel(Level.ALL);
    }

    @Override
    public void publish(final LogRecord record) {
        lines.add(record.getLevel() + " " + record.getMessage() + ": " + record.getThrown());
    }

    @Override
    public void flush() {
        // Nothing is kept back.
    }

    @Override
    public void close() {
        logger.removeHandler(this);
        logger.setUseParentHandlers(true);
    }
}
