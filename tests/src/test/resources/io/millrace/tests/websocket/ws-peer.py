# serve DEFLATE [CERTIFICATE KEY]: an echo server that says "port N".
# talk URI DEFLATE ENDS_ITSELF [AUTHORITY]: a client that says each step that went well, and how it was closed.
import asyncio
import ssl
import sys

import websockets

LONG = 1000000
LONG_TEXT = 'worth compressing: grüß Gott, ' * (LONG // 30)
CLOSE_PLEASE = 'close, please'


async def echo(socket, path=None):
    async for message in socket:
        if message == CLOSE_PLEASE:
            await socket.close(3000, 'enough')
        else:
            await socket.send(message)


async def serve(deflate, certificate=None, key=None):
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate, key)
    compression = 'deflate' if deflate == 'true' else None
    async with websockets.serve(echo, 'localhost', 0, ssl=tls, compression=compression, max_size=4 * LONG) as server:
        print('port', [s.getsockname()[1] for s in server.sockets if s.getsockname()[0] == '127.0.0.1'][0], flush=True)
        await asyncio.Future()


async def talk(uri, deflate, ends_itself, authority=None):
    tls = None
    if authority:
        tls = ssl.create_default_context(cafile=authority)
    compression = 'deflate' if deflate == 'true' else None
    async with websockets.connect(uri, ssl=tls, compression=compression, max_size=4 * LONG) as socket:
        print('extensions', [extension.name for extension in socket.extensions], flush=True)
        binary = bytes(i % 251 for i in range(LONG))
        for name, message in [('text', 'grüß Gott 𐍈'), ('empty', ''), ('long', LONG_TEXT),
                              ('again', 'again ' + LONG_TEXT), ('binary', binary)]:
            await socket.send(message)
            print(name, 'ok' if await socket.recv() == message else 'WRONG', flush=True)
        await socket.send(['one, ', 'two, ', 'three'])
        print('fragments', 'ok' if await socket.recv() == 'one, two, three' else 'WRONG', flush=True)
        await (await socket.ping('ping'))
        print('ping ok', flush=True)
        if ends_itself == 'true':
            await socket.close(4001, 'bye')
        else:
            await socket.send(CLOSE_PLEASE)
            try:
                await socket.recv()
            except websockets.ConnectionClosed:
                pass
        print('closed', socket.close_code, socket.close_reason, flush=True)


asyncio.run((serve if sys.argv[1] == 'serve' else talk)(*sys.argv[2:]))
