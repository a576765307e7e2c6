#version 330
// The shoulders' skin, lifted by garment.py: a shirt.
in vec3 position;
in vec3 normal;
in vec3 rest;
in float follow;
out vec3 P, N, Q;
#include "turn.glsl"
#include "camera.glsl"

void main() {
    mat3 turn = turned(follow * 0.8);
    P = turn * (position - pivot) + pivot;
    N = turn * normal;
    Q = rest;
    gl_Position = to_clip(P);
}
