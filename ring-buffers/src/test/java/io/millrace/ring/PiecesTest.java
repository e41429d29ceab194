package io.millrace.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PiecesTest {
    private static final int OFFSET = 1;

    private final ByteBuffer[] pieces = {bytes("left out"), bytes("ab"), bytes(""), bytes("cde"), bytes("left out")};
    private final ByteBuffer target = ByteBuffer.allocate(7);

    private static ByteBuffer bytes(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private String copied() {
        return StandardCharsets.US_ASCII.decode(target.duplicate()).toString();
    }

    @Test
    void shouldCopyThePiecesAndLeaveThemAsTheyWere() {
        assertEquals(5, Pieces.length(pieces, 1, 3));
        Pieces.copy(pieces, 1, 3, target, OFFSET, 5);
        assertEquals("\0abcde\0", copied());
        assertEquals(5, Pieces.length(pieces, 1, 3));
    }

    @Test
    void shouldWriteNothingPastTheClaimOfAPieceThatGrew() {
        final IllegalStateException ex =
                assertThrows(IllegalStateException.class, () -> Pieces.copy(pieces, 1, 3, target, OFFSET, 4));
        assertEquals("a piece grew during the offer: index=3 length=3", ex.getMessage());
        assertEquals("\0ab\0\0\0\0", copied());
    }

    @Test
    void shouldRefuseAPieceThatShrank() {
        final IllegalStateException ex =
                assertThrows(IllegalStateException.class, () -> Pieces.copy(pieces, 1, 3, target, OFFSET, 6));
        assertEquals("the pieces shrank during the offer: missing=1", ex.getMessage());
    }

    @Test
    void shouldCountNoMoreThanAnIntHolds() {
        final ByteBuffer half = ByteBuffer.allocate(1 << 20);
        final ByteBuffer[] many = new ByteBuffer[2_048];
        Arrays.fill(many, half);
        assertEquals(Integer.MAX_VALUE, Pieces.length(many, 0, many.length));
    }

    @Test
    void shouldRefuseARangeThatIsNotThere() {
        assertThrows(IndexOutOfBoundsException.class, () -> Pieces.length(pieces, 3, 3));
    }
}
