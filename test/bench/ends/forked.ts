/** As little as a process can be that says it is there, and stays. */
process.send!('ready');
setInterval(() => undefined, 1_000_000);
