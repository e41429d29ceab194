package io.millrace.session;

/** What can be ended: closing it twice is closing it once. Any thread. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}
