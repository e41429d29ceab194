package io.millrace.transport.websocket;

/** Checks settings when they are set. */
final class Settings {
    private Settings() {}

    static int within(final String name, final int value, final int least, final int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    static void notConcluded(final boolean concluded) {
        if (concluded) {
            throw new IllegalStateException("the context is concluded: make a new one");
        }
    }
}
