package io.millrace.transport.aeron;

import org.agrona.DirectBuffer;

/** The one flag that Aeron takes, for Agrona's buffers reach into the JDK. */
final class JvmFlag {
    private static final String PACKAGE = "jdk.internal.misc";

    private JvmFlag() {}

    /** Says so in one sentence where the flag is missing, before anything of Aeron's is loaded. */
    static void check() {
        final Module agrona = DirectBuffer.class.getModule();
        if (!Object.class.getModule().isOpen(PACKAGE, agrona)) {
            throw new IllegalStateException(
                    "Aeron's buffers reach into the JDK: start the JVM with --add-opens java.base/" + PACKAGE + "="
                            + (agrona.isNamed() ? agrona.getName() : "ALL-UNNAMED"));
        }
    }
}
