// serve WS DEFLATE [CERTIFICATE KEY]: an echo server that says "port N".
// talk WS URI DEFLATE ENDS_ITSELF [AUTHORITY]: a client that says each step that went well, and how it was closed.
'use strict';
const fs = require('fs');
const [mode, module_, ...rest] = process.argv.slice(2);
const WebSocket = require(module_);
const LONG = 1000000;
const LONG_TEXT = 'worth compressing: grüß Gott, '.repeat(Math.floor(LONG / 30));
const CLOSE_PLEASE = 'close, please';

function serve(deflate, certificate, key) {
    const http = certificate
        ? require('https').createServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)})
        : require('http').createServer();
    const server = new WebSocket.WebSocketServer({server: http, perMessageDeflate: deflate === 'true', maxPayload: 4 * LONG});
    server.on('connection', (socket) => {
        socket.on('error', (error) => console.log('error ' + error));
        socket.on('message', (data, isBinary) => {
            if (!isBinary && data.toString() === CLOSE_PLEASE) {
                socket.close(3000, 'enough');
            } else {
                socket.send(data, {binary: isBinary});
            }
        });
    });
    http.listen(0, 'localhost', () => console.log('port ' + http.address().port));
}

function talk(uri, deflate, endsItself, authority) {
    const options = {perMessageDeflate: deflate === 'true', maxPayload: 4 * LONG};
    if (authority) {
        options.ca = fs.readFileSync(authority);
    }
    const socket = new WebSocket(uri, options);
    const binary = Buffer.alloc(LONG, Uint8Array.from({length: 251}, (_, i) => i));
    const steps = [
        ['text', 'grüß Gott 𐍈'], ['empty', ''], ['long', LONG_TEXT], ['again', 'again ' + LONG_TEXT], ['binary', binary],
        ['fragments', 'one, two, three'], ['ping', 'ping']];
    let step = -1;
    function next() {
        step++;
        if (step === steps.length) {
            if (endsItself === 'true') {
                socket.close(4001, 'bye');
            } else {
                socket.send(CLOSE_PLEASE);
            }
        } else if (steps[step][0] === 'fragments') {
            socket.send('one, ', {fin: false});
            socket.send('two, ', {fin: false});
            socket.send('three', {fin: true});
        } else if (steps[step][0] === 'ping') {
            socket.ping('ping');
        } else {
            socket.send(steps[step][1]);
        }
    }
    function came(data, isBinary) {
        const wanted = steps[step][1];
        const same = typeof wanted === 'string' ? !isBinary && data.toString() === wanted : isBinary && data.equals(wanted);
        console.log(steps[step][0] + (same ? ' ok' : ' WRONG'));
        next();
    }
    socket.on('open', () => {
        console.log('extensions [' + socket.extensions + ']');
        next();
    });
    socket.on('message', came);
    socket.on('pong', (data) => came(data, false));
    socket.on('error', (error) => console.log('error ' + error));
    socket.on('close', (code, reason) => console.log('closed ' + code + ' ' + reason));
}

(mode === 'serve' ? serve : talk)(...rest);
