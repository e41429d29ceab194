package io.millrace.transport.websocket;

import io.millrace.transport.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** All kinds of frames that one side sends, by their numbers. Immutable. */
final class FrameForms {
    /** What is offered on the connection itself. */
    static final int BINARY = 0;

    static final int TEXT = 1;
    static final int PING = 2;
    static final int PONG = 3;
    static final int FIRST_BINARY = 4;
    static final int FIRST_TEXT = 5;
    static final int MIDDLE = 6;
    static final int LAST = 7;
    static final int DEFLATED_BINARY = 8;
    static final int DEFLATED_TEXT = 9;

    /** Whole frames that are encoded already. */
    static final int ENCODED = 10;

    private final List<FrameForm> forms;
    private final FrameForm close;
    private final FrameForm firstForm;

    FrameForms(final int maxLength, final MaskingKeys keys, final boolean checksText) {
        final Function<Integer, FrameForm> data = first -> new FrameForm(first, maxLength, keys, false);
        final Function<Integer, FrameForm> control =
                opcode -> new FrameForm(FrameDescriptor.FIN | opcode, FrameDescriptor.MAX_SHORT, keys, false);
        firstForm = data.apply(FrameDescriptor.FIN | FrameDescriptor.BINARY);
        forms = List.of(
                firstForm,
                new FrameForm(FrameDescriptor.FIN | FrameDescriptor.TEXT, maxLength, keys, checksText),
                control.apply(FrameDescriptor.PING),
                control.apply(FrameDescriptor.PONG),
                data.apply(FrameDescriptor.BINARY),
                data.apply(FrameDescriptor.TEXT),
                data.apply(FrameDescriptor.CONTINUATION),
                data.apply(FrameDescriptor.FIN | FrameDescriptor.CONTINUATION),
                data.apply(FrameDescriptor.FIN | FrameDescriptor.RSV1 | FrameDescriptor.BINARY),
                data.apply(FrameDescriptor.FIN | FrameDescriptor.RSV1 | FrameDescriptor.TEXT));
        close = control.apply(FrameDescriptor.CLOSE);
    }

    /** For one connection: with its own form of messages, which also decodes. */
    List<Protocol> with(final Protocol messages) {
        final List<Protocol> all = new ArrayList<>(forms);
        all.set(BINARY, messages);
        all.add(new EncodedForm(firstForm.maxFrameLength()));
        return List.copyOf(all);
    }

    static boolean isControl(final int form) {
        return form == PING || form == PONG;
    }

    /** The form of a message in one frame, of the same kind as one that begins with this form. */
    static int whole(final int form) {
        return form == FIRST_TEXT ? TEXT : BINARY;
    }

    FrameForm get(final int form) {
        return forms.get(form);
    }

    FrameForm close() {
        return close;
    }
}
