package io.millrace.transport.websocket;

import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import java.nio.ByteBuffer;

/**
 * A message that is sent in fragments, for its length is not known when it begins. Until the last fragment is accepted
 * nobody else's message goes out on the WebSocket. One thread at a time.
 *
 * <p>A message that is never ended keeps all others from being sent until the WebSocket closes; in the middle of a message
 * nothing else can help.
 */
public final class FragmentedMessage {
    private final Conversation.Fragments fragments;
    private final int firstForm;
    private boolean begun;
    private boolean ended;

    /** Where the UTF-8 of a text stands; not looked at for another. */
    private int utf8 = Utf8.WHOLE;

    private final boolean checksUtf8;

    FragmentedMessage(final Conversation.Fragments fragments, final int firstForm, final boolean checksUtf8) {
        this.fragments = fragments;
        this.firstForm = firstForm;
        this.checksUtf8 = checksUtf8;
    }

    /**
     * Offers the next fragment.
     *
     * @param buffer that holds it; left as it was. A text may be cut anywhere.
     * @param offset of its first byte.
     * @param length in bytes; 0 is legal.
     * @param last   whether the message ends with it, if it is accepted.
     * @return the position behind it, or a negative code of {@link Connection}: {@link Connection#BACK_PRESSURED} if it is
     *     to be offered again.
     * @throws IllegalArgumentException if a text is not UTF-8; nothing of the fragment is sent.
     * @throws IllegalStateException    if the message has ended.
     */
    public long offer(final ByteBuffer buffer, final int offset, final int length, final boolean last) {
        if (ended) {
            throw new IllegalStateException("the message has ended");
        }
        final int after = checksUtf8 ? check(buffer, offset, length, last) : Utf8.WHOLE;
        final int form;
        if (begun) {
            form = last ? FrameForms.LAST : FrameForms.MIDDLE;
        } else {
            form = last ? FrameForms.whole(firstForm) : firstForm;
        }
        final long result = fragments.offer(form, buffer, offset, length);
        if (result >= 0) {
            begun = true;
            utf8 = after;
            ended = last;
        }
        if (ended || result == Connection.CLOSED) {
            fragments.release();
        }
        return result;
    }

    private int check(final ByteBuffer buffer, final int offset, final int length, final boolean last) {
        final int after = Utf8.advance(utf8, buffer, offset, offset + length);
        if (after == Utf8.INVALID || (last && after != Utf8.WHOLE)) {
            throw new IllegalArgumentException("text is not UTF-8: length=" + length + " last=" + last);
        }
        return after;
    }

    /** Lets others send again, if nothing of the message was accepted yet. */
    public void abandon() {
        if (!begun) {
            ended = true;
            fragments.release();
        }
    }
}
