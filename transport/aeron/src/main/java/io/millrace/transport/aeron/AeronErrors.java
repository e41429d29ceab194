package io.millrace.transport.aeron;

import io.aeron.ErrorCode;
import io.aeron.exceptions.RegistrationException;
import java.util.Locale;

/** What Aeron says, in one sentence. */
final class AeronErrors {
    private static final String IN_USE = "Address already in use";

    private AeronErrors() {}

    static String text(final String what, final String directory, final Throwable error) {
        return what + ": " + text(error) + ": directory=" + directory;
    }

    /** The first line of the deepest cause that says something, without Aeron's level. */
    static String text(final Throwable error) {
        Throwable deepest = error;
        while (deepest.getCause() != null && deepest.getCause().getMessage() != null) {
            deepest = deepest.getCause();
        }
        final String message = String.valueOf(deepest.getMessage());
        final String line = message.lines().findFirst().orElse("");
        final String plain = line.replaceFirst("^(ERROR|WARN|FATAL) - ", "");
        if (isInUse(error)) {
            return "the address is in use";
        }
        return plain.isBlank() ? deepest.getClass().getSimpleName() : plain;
    }

    /** Whether it may go well if tried again at once. */
    static boolean isTemporary(final Throwable error) {
        return error.getCause() instanceof RegistrationException refused
                && refused.errorCode() == ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE;
    }

    static boolean isInUse(final Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains(IN_USE.toLowerCase(Locale.ROOT))) {
                return true;
            }
        }
        return false;
    }
}
