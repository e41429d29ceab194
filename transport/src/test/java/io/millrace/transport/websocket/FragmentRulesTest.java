package io.millrace.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.util.Arrays;
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
            rig.decoder.inflateBy(new MessageInflater(true, 1_000, false));
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

    private static List<String> eventsOf(final boolean inPieces, final String hex, final int cut) {
        final FrameRig rig = rig(inPieces, true);
        final byte[] wire = HexFormat.of().parseHex(hex);
        try {
            rig.receive(Arrays.copyOf(wire, cut));
            rig.receive(Arrays.copyOfRange(wire, cut, wire.length));
        } catch (final ProtocolException ex) {
            rig.events.add(ex.reason().name());
        }
        return rig.events;
    }

    /** Of RFC 7692 section 7.2.3: "Hello", and the same again by what came before; and a stored block of a byte. */
    @ParameterizedTest
    @CsvSource({
        "c107f248cdc9c90700, text Hello",
        "c207f248cdc9c90700, binary Hello",
        "4103f248cd8004c9c90700, text Hello",
        "41008007f248cdc9c90700, text Hello",
        "4107f248cdc9c907008000, text Hello",
        "4103f248cd00008900" + "8004c9c90700, control 9  text Hello",
        "c107f248cdc9c90700" + "c105f200110000, text Hello text Hello",
        "c107f248cdc9c90700" + "4102f2008003110000, text Hello text Hello",
        "c107f248cdc9c90700" + "810162, text Hello text b",
        "c207000100feffc300, binary Ã",
        "c107000100feffc300, INVALID_UTF8",
        "4106000100feffc3" + "0006000100feff28, INVALID_UTF8",
        "4106000100feffc3" + "8007000100feffa400, text Ã¤"
    })
    void shouldInflateFragmentsWhereverTheyAreCut(final String hex, final String events) {
        for (int cut = 0; cut <= hex.length() / 2; cut++) {
            assertEquals(events, String.join(" ", eventsOf(false, hex, cut)), "cut=" + cut);
        }
    }

    /** A stored block comes out byte by byte. */
    @Test
    void shouldHandOverPiecesAsTheyInflateAndNoneWithoutContentButTheLast() {
        final String hex = "c20b" + "000500faff" + "48656c6c6f" + "00";
        for (int cut = 0; cut <= hex.length() / 2; cut++) {
            final int come = Math.max(0, Math.min(5, cut - 7));
            final String last = "last binary " + "Hello".substring(come);
            // Behind the last byte nothing is left to be cut off.
            final List<String> expected = cut == 13 || come == 0
                    ? List.of("last binary Hello")
                    : List.of("piece binary " + "Hello".substring(0, come), last);
            assertEquals(expected, eventsOf(true, hex, cut), "cut=" + cut);
        }
    }

    @Test
    void shouldHandOverFragmentsInPiecesAsTheyInflate() {
        final FrameRig rig = rig(true, true);
        receive(rig, "4100" + "0007000500faff4865" + "0000" + "80046c6c6f00");
        receive(rig, "c105f200110000");

        assertEquals(List.of("piece text He", "last text llo", "last text Hello"), rig.events);
    }
}
