package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.Protocol;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first bytes of RFC 6455 section 5.2, and how long each kind of frame may be. */
class FrameFormsTest {
    private static final byte[] NOT_UTF8 = {(byte) 0xFF};

    private final FrameForms forms = new FrameForms(1_000, null, true);

    @ParameterizedTest
    @CsvSource({
        FrameForms.BINARY + ", 82, 1000, false",
        FrameForms.TEXT + ", 81, 1000, false",
        FrameForms.PING + ", 89, 125, true",
        FrameForms.PONG + ", 8a, 125, true",
        FrameForms.FIRST_BINARY + ", 02, 1000, false",
        FrameForms.FIRST_TEXT + ", 01, 1000, false",
        FrameForms.MIDDLE + ", 00, 1000, false",
        FrameForms.LAST + ", 80, 1000, false",
        FrameForms.DEFLATED_BINARY + ", c2, 1000, false",
        FrameForms.DEFLATED_TEXT + ", c1, 1000, false"
    })
    void shouldHaveTheFirstByteAndTheLengthOfItsKind(
            final int form, final String first, final int maxLength, final boolean isControl) {
        final FrameForm each = forms.get(form);

        assertEquals(Integer.parseInt(first, 16), each.frame().get(0) & 0xFF);
        assertEquals(maxLength, each.maxMessageLength());
        assertEquals(0, each.minMessageLength());
        assertEquals(isControl, FrameForms.isControl(form));
    }

    @Test
    void shouldCloseByAControlFrame() {
        assertEquals(0x88, forms.close().frame().get(0) & 0xFF);
        assertEquals(125, forms.close().maxMessageLength());
    }

    @Test
    void shouldCheckWholeTextsAloneAndOnlyIfItIsTo() {
        assertThrows(
                IllegalArgumentException.class, () -> forms.get(FrameForms.TEXT).frame(NOT_UTF8));
        for (int form = FrameForms.BINARY; form < FrameForms.ENCODED; form++) {
            if (form != FrameForms.TEXT) {
                assertEquals(3, forms.get(form).frame(NOT_UTF8).remaining());
            }
        }
        assertEquals(
                3,
                new FrameForms(1_000, null, false)
                        .get(FrameForms.TEXT)
                        .frame(NOT_UTF8)
                        .remaining());
    }

    @Test
    void shouldMaskAllKindsOfAClient() {
        final FrameForms masked = new FrameForms(1_000, new MaskingKeys(new SecureRandom()), true);
        for (int form = FrameForms.BINARY; form < FrameForms.ENCODED; form++) {
            assertEquals(6, masked.get(form).frame().remaining());
        }
        assertEquals(6, masked.close().frame().remaining());
    }

    @Test
    void shouldMakeRoomForEncodedFramesBehindAConnectionsOwnFormAndTheOthers() {
        final Protocol own = new LengthPrefixProtocol(1_000);
        final List<Protocol> all = forms.with(own);

        assertSame(own, all.get(FrameForms.BINARY));
        for (int form = FrameForms.TEXT; form < FrameForms.ENCODED; form++) {
            assertSame(forms.get(form), all.get(form));
        }
        assertEquals(FrameForms.ENCODED + 1, all.size());
        final Protocol encoded = all.get(FrameForms.ENCODED);
        assertEquals(1_004, encoded.maxMessageLength());
        assertEquals(1_004, encoded.maxFrameLength());
        assertThrows(IllegalStateException.class, encoded::newDecoder);
        assertTrue(encoded.toString().endsWith("maxMessageLength=1004"), encoded.toString());
    }

    @Test
    void shouldKnowTheWholeOfAFirstFragment() {
        assertEquals(FrameForms.TEXT, FrameForms.whole(FrameForms.FIRST_TEXT));
        assertEquals(FrameForms.BINARY, FrameForms.whole(FrameForms.FIRST_BINARY));
        assertFalse(FrameForms.isControl(FrameForms.ENCODED));
    }
}
