#version 330
in vec3 rest;
in vec2 uv;
in vec2 coverage; // how much hair grows here: scalp, beard
out vec3 Q;
out vec2 grown;

void main() {
    Q = rest;
    grown = coverage;
    gl_Position = vec4(uv.x - 1.0, uv.y * 2.0 - 1.0, 0.0, 1.0);
}
