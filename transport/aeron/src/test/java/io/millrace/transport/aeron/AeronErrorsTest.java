package io.millrace.transport.aeron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.ErrorCode;
import io.aeron.exceptions.AeronException;
import io.aeron.exceptions.RegistrationException;
import java.io.IOException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

class AeronErrorsTest {
    @Test
    void shouldTakeTheFirstLineOfTheDeepestCauseThatSaysSomething() {
        final var deep = new IllegalStateException("outer", new IOException("what it is\nand more", new IOException()));
        assertEquals("what it is", AeronErrors.text(deep));
        assertEquals("cannot: what it is: directory=/x", AeronErrors.text("cannot", "/x", deep));
        assertEquals("at fault", AeronErrors.text(new AeronException("at fault")));
        assertEquals("only a warning", AeronErrors.text(new IOException("WARN - only a warning")));
        assertEquals("no ERROR - here", AeronErrors.text(new IOException("no ERROR - here")));
        assertEquals("null", AeronErrors.text(new IOException()));
        assertEquals("IOException", AeronErrors.text(new IOException(" ")));
        assertEquals("IOException", AeronErrors.text(new IOException("")));
    }

    @Test
    void shouldTellAnAddressInUseAtAnyDepth() {
        final Throwable deep = new IOException("x", new BindException("address ALREADY in use (Bind failed)"));
        assertTrue(AeronErrors.isInUse(deep));
        assertTrue(AeronErrors.isInUse(new IOException("channel error - Address already in use", new IOException())));
        assertFalse(AeronErrors.isInUse(new IOException("x", new IOException())));
        assertEquals("the address is in use", AeronErrors.text(deep));
    }

    @Test
    void shouldTellWhatMayGoWellSoon() {
        assertTrue(AeronErrors.isTemporary(refused(ErrorCode.RESOURCE_TEMPORARILY_UNAVAILABLE)));
        assertFalse(AeronErrors.isTemporary(refused(ErrorCode.GENERIC_ERROR)));
        assertFalse(AeronErrors.isTemporary(new IOException(new IOException())));
    }

    private static IOException refused(final ErrorCode code) {
        return new IOException(new RegistrationException(1, code.value(), code, "x"));
    }
}
