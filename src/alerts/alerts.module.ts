import { Module } from '@nestjs/common';
import { LockAlert } from './lock-alert.js';

/** Tells people when something needs them, without being asked. */
@Module({ providers: [LockAlert] })
export class AlertsModule {}
