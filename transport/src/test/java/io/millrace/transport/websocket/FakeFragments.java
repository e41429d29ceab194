package io.millrace.transport.websocket;

import io.millrace.transport.Conversation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Keeps the fragments that are offered, each behind its form. */
final class FakeFragments implements Conversation.Fragments {
    final List<String> sent = new ArrayList<>();
    long result = 1;
    int releases;

    @Override
    public long offer(final int form, final ByteBuffer buffer, final int offset, final int length) {
        if (result >= 0) {
            sent.add(form + " " + new String(FakeLane.copy(buffer, offset, length), StandardCharsets.ISO_8859_1));
        }
        return result;
    }

    @Override
    public void release() {
        releases++;
    }
}
