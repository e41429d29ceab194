package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fragments without content, and compressed ones: RFC 6455 section 10.4, RFC 7692 section 6. */
class FragmentRulesTest {
    /** A compressed fragment of an empty stored block: it inflates to nothing. */
    private static final String NOTHING_STORED = "0005000000ffff";

    private static FrameRig rig(final boolean inPieces, final boolean compressed) {
        final FrameRig rig = new FrameRig(false, inPieces);
        if (compressed) {
            rig.decoder.inflateBy(new MessageInflater(true, 1_000));
        }
        return rig;
    }

    private static void receive(final FrameRig rig, final String hex) {
        rig.receive(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "false, 0100, 0000",
        "true, 0100, 0000",
        "false, 0200, 0000",
        "false, 4100, 0000",
        "true, 4200, 0000",
        "false, 4200, " + NOTHING_STORED
    })
    void shouldEndWhenFragmentsWithoutContentNeverEnd(final boolean inPieces, final String first, final String next) {
        final FrameRig rig = rig(inPieces, true);
        receive(rig, first);
        for (int i = 1; i < FrameSequence.MAX_EMPTY_FRAGMENTS; i++) {
            receive(rig, next);
            receive(rig, "8900");
        }
        final ProtocolException flood = assertThrows(ProtocolException.class, () -> receive(rig, next));

        assertEquals(CloseReason.FRAGMENT_FLOOD, flood.reason());
        assertEquals(1008, CloseCodes.of(flood.reason()));
    }

    @Test
    void shouldTakeAsManyEmptyFragmentsAgainBehindContentAndInTheNextMessage() {
        final FrameRig rig = rig(false, false);
        for (int message = 0; message < 2; message++) {
            receive(rig, "0100");
            for (int i = 1; i < FrameSequence.MAX_EMPTY_FRAGMENTS; i++) {
                receive(rig, "0000");
            }
            receive(rig, "000161");
            for (int i = 0; i < FrameSequence.MAX_EMPTY_FRAGMENTS; i++) {
                receive(rig, "0000");
            }
            receive(rig, "8000");
        }

        assertEquals(List.of("text a", "text a"), rig.events);
    }

    @Test
    void shouldHandOverAnEmptyPieceOnlyIfItIsTheLast() {
        final FrameRig rig = rig(true, false);
        receive(rig, "0100" + "0000" + "000161" + "0000" + "8000");

        assertEquals(List.of("piece text a", "last text "), rig.events);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c900", "c800", "41004000", "4100c000"})
    void shouldRefuseReservedBit1OfAllButAMessagesFirstFrameWhenCompressed(final String hex) {
        final FrameRig rig = rig(false, true);
        final ProtocolException broken = assertThrows(ProtocolException.class, () -> receive(rig, hex));

        assertEquals(CloseReason.WEBSOCKET_ERROR, broken.reason());
        assertTrue(rig.events.isEmpty());
    }
}
