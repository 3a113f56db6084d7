/**
 * Every error Babus raises: code → when it is raised. One line each, in alphabetical order; `test/tidy` demands that each
 * code is used and that each code used is here.
 */
export const ERRORS = {
  ERR_BABUS_ARGUMENT: 'a function or command was given an argument of the wrong type, range or form',
  ERR_BABUS_CLOSED: 'a publisher, subscription or participant was used after it was closed',
  ERR_BABUS_DOMAIN_CORRUPT: 'the file of a domain was truncated or overwritten',
  ERR_BABUS_DOMAIN_EXISTS:
    'participants are alive in a domain of that name, or who removes it does not go on',
  ERR_BABUS_DOMAIN_MISSING: 'a command needs a running domain and there is none of that name',
  ERR_BABUS_DOMAIN_VERSION: 'the files of a domain or slot were made by another version of the memory layout',
  ERR_BABUS_LAUNCHER:
    'the launcher of a domain is not there, does not answer, or gives an answer that cannot be understood',
  ERR_BABUS_LAUNCH_FILE: 'a launch file is not valid: unknown key, wrong type, missing value, unknown name',
  ERR_BABUS_LOAN_CLOSED: 'a loan was used after it was published or discarded',
  ERR_BABUS_LOAN_QUOTA: 'a publisher holds all the loans its quota allows',
  ERR_BABUS_MESSAGE_CORRUPT: 'a message in shared memory does not fit its schema or its own length',
  ERR_BABUS_MESSAGE_TOO_LONG: 'a message needs more bytes than max_bytes of its slot',
  ERR_BABUS_NAME: 'a domain, slot, node, port or schema name has characters or a length that is not allowed',
  ERR_BABUS_NODE_CLASS: 'a node class is declared in a way that cannot work',
  ERR_BABUS_NODE_MISSING: 'there is no node of that name in the launch',
  ERR_BABUS_NODE_MODULE: 'a node module cannot be found, compiled or imported, or exports no node class',
  ERR_BABUS_PARAM: 'a parameter of a node is missing, unknown, or of the wrong type or range',
  ERR_BABUS_PERMISSION: 'a domain or slot belongs to another user, who has not opened it for what was asked',
  ERR_BABUS_PIN_QUOTA: 'a reader holds all the pins its quota allows',
  ERR_BABUS_PORT: 'a port is mapped that the node does not have',
  ERR_BABUS_SCHEMA: 'a schema file is not valid',
  ERR_BABUS_SCHEMA_MISMATCH: 'two participants or ports use one slot with different schemas',
  ERR_BABUS_SHM_FULL: 'the shared-memory file system has no room for what was asked',
  ERR_BABUS_SLOT_CONFIG: 'a slot exists with other settings than the ones asked for',
  ERR_BABUS_SLOT_CORRUPT: 'a file of a slot was truncated, or holds values that cannot be',
  ERR_BABUS_SLOT_FULL:
    'a slot has no room for another reader or publisher, or no numbers for more messages, or the domain no room for another slot or participant',
  ERR_BABUS_SLOT_MISSING: 'there is no slot of that name in the domain',
  ERR_BABUS_SYSTEM:
    'the operating system refused a call; the message names the call, the file and the reason',
  ERR_BABUS_VALUE: 'a value does not fit the field it was written to',
  ERR_BABUS_VIEW_ENDED:
    'in checking mode, a view was used after its handler had returned or its message was released',
  ERR_BABUS_VIEW_WRITTEN: 'in checking mode, somebody wrote into a message that is only read',
  ERR_BABUS_YAML: 'a YAML file cannot be read: syntax, size, or too many aliases',
} as const;

export type ErrorCode = keyof typeof ERRORS;
